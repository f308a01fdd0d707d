// SPDX-License-Identifier: GPL-2.0
/* The controls of a port in debugfs. */
#include "fakeib.h"
#include <linux/module.h>

/* A control writes one number, or two where `two` is set; show may be missing. */
struct control {
	const char *name;
	bool two;
	int (*show)(const struct fake_port *p, char *to, size_t size);
	int (*store)(struct fake_port *p, u64 value, int second);
};

#define SHOW(what, format, ...)                                                                    \
	static int show_##what(const struct fake_port *p, char *to, size_t size)                   \
	{                                                                                          \
		return scnprintf(to, size, format "\n", __VA_ARGS__);                              \
	}

SHOW(link, "%d", p->plugged)
SHOW(state, "%d", p->state)
SHOW(phys_state, "%d", p->phys)
SHOW(lid, "0x%x", p->lid)
SHOW(sm_lid, "0x%x", p->sm_lid)
SHOW(sm_sl, "%d", p->sm_sl)
SHOW(mtu, "%d", p->mtu)
SHOW(subnet_prefix, "0x%llx", p->prefix)
SHOW(rate, "%d %d", p->width, p->speed)
SHOW(switch, "%d %d", p->cable->sw, p->cable->port)
SHOW(stall, "%d", p->stall)

static int store_link(struct fake_port *p, u64 value, int second)
{
	plug(p, value);
	return 0;
}

static int store_state(struct fake_port *p, u64 value, int second)
{
	u8 old = p->state;

	if (value < IB_PORT_DOWN || value > IB_PORT_ACTIVE_DEFER)
		return -EINVAL;
	p->state = value;
	if (old == IB_PORT_ACTIVE && value != old && value != IB_PORT_ACTIVE_DEFER)
		raise_event(p, IB_EVENT_PORT_ERR);
	if (old != value && value == IB_PORT_ACTIVE)
		raise_event(p, IB_EVENT_PORT_ACTIVE);
	return 0;
}

static int store_phys_state(struct fake_port *p, u64 value, int second)
{
	if (value < 1 || value > 7)
		return -EINVAL;
	p->phys = value;
	return 0;
}

static int store_lid(struct fake_port *p, u64 value, int second)
{
	p->lid = value;
	raise_event(p, IB_EVENT_LID_CHANGE);
	return 0;
}

static int store_sm_lid_silent(struct fake_port *p, u64 value, int second)
{
	p->sm_lid = value;
	return 0;
}

static int store_sm_lid(struct fake_port *p, u64 value, int second)
{
	p->sm_lid = value;
	raise_event(p, IB_EVENT_SM_CHANGE);
	return 0;
}

static int store_sm_sl_silent(struct fake_port *p, u64 value, int second)
{
	p->sm_sl = value & 15;
	return 0;
}

static int store_sm_sl(struct fake_port *p, u64 value, int second)
{
	p->sm_sl = value & 15;
	raise_event(p, IB_EVENT_SM_CHANGE);
	return 0;
}

static int store_mtu(struct fake_port *p, u64 value, int second)
{
	if (value < IB_MTU_256 || value > IB_MTU_4096)
		return -EINVAL;
	p->mtu = value;
	return 0;
}

static int store_subnet_prefix(struct fake_port *p, u64 value, int second)
{
	p->prefix = value;
	raise_event(p, IB_EVENT_GID_CHANGE);
	return 0;
}

static int store_rate(struct fake_port *p, u64 width, int speed)
{
	p->width = width;
	p->speed = speed;
	p->best_speed = max(p->best_speed, p->speed);
	return 0;
}

static int store_pkey(struct fake_port *p, u64 index, int pkey)
{
	if (index >= PKEYS)
		return -EINVAL;
	p->pkey[index] = pkey;
	raise_event(p, IB_EVENT_PKEY_CHANGE);
	return 0;
}

/* Events of the device or a port; the others carry a pointer instead of a port number. */
static int store_event(struct fake_port *p, u64 e, int second)
{
	if (!(e >= IB_EVENT_DEVICE_FATAL && e <= IB_EVENT_SM_CHANGE) &&
	    e != IB_EVENT_CLIENT_REREGISTER && e != IB_EVENT_GID_CHANGE)
		return -EINVAL;
	raise_event(p, e);
	return 0;
}

static int store_sa_forget(struct fake_port *p, u64 value, int second)
{
	if (value < 1 || value > 2)
		return -EINVAL;
	sa_forget(p, value == 1);
	return 0;
}

static int store_switch(struct fake_port *p, u64 sw, int num)
{
	return move_cable(p, sw, num);
}

static int store_stall(struct fake_port *p, u64 value, int second)
{
	if (value > 2)
		return -EINVAL;
	set_stall(p, value);
	return 0;
}

static const struct control controls[] = {
	{"link", false, show_link, store_link},
	{"switch", true, show_switch, store_switch},
	{"state", false, show_state, store_state},
	{"phys_state", false, show_phys_state, store_phys_state},
	{"lid", false, show_lid, store_lid},
	{"sm_lid", false, show_sm_lid, store_sm_lid},
	{"sm_lid_silent", false, show_sm_lid, store_sm_lid_silent},
	{"sm_sl", false, show_sm_sl, store_sm_sl},
	{"sm_sl_silent", false, show_sm_sl, store_sm_sl_silent},
	{"mtu", false, show_mtu, store_mtu},
	{"rate", true, show_rate, store_rate},
	{"subnet_prefix", false, show_subnet_prefix, store_subnet_prefix},
	{"pkey", true, NULL, store_pkey},
	{"event", false, NULL, store_event},
	{"stall", false, show_stall, store_stall},
	{"sa_forget", false, NULL, store_sa_forget},
};

/* What the files carry: a control of a port. */
static struct bound_control {
	struct fake_port *port;
	const struct control *control;
} bound[MAX_HCAS][MAX_PORTS][ARRAY_SIZE(controls)];

/* Copies a written line, without its end; its length, or an error. */
ssize_t read_words(char *to, size_t size, const char __user *from, size_t count)
{
	if (count >= size)
		return -EINVAL;
	if (copy_from_user(to, from, count))
		return -EFAULT;
	to[count] = 0;
	return count;
}

static ssize_t control_read(struct file *f, char __user *b, size_t n, loff_t *o)
{
	const struct bound_control *c = f->private_data;
	char text[64];

	if (!c->control->show)
		return -EINVAL;
	return simple_read_from_buffer(b, n, o, text,
				       c->control->show(c->port, text, sizeof(text)));
}

static ssize_t control_write(struct file *f, const char __user *b, size_t n, loff_t *o)
{
	const struct bound_control *c = f->private_data;
	ssize_t len, err;
	char text[64];
	int second = 0;
	u64 value;

	len = read_words(text, sizeof(text), b, n);
	if (len < 0)
		return len;
	if (c->control->two) {
		int first;

		if (sscanf(text, "%i %i", &first, &second) != 2 || first < 0)
			return -EINVAL;
		value = first;
	} else if (kstrtou64(strim(text), 0, &value)) {
		return -EINVAL;
	}
	err = c->control->store(c->port, value, second);
	return err ?: len;
}

static const struct file_operations control_fops = {.owner = THIS_MODULE,
						    .open = simple_open,
						    .read = control_read,
						    .write = control_write,
						    .llseek = default_llseek};

void create_port_controls(struct fake_port *p)
{
	struct bound_control *b = bound[p->hca->idx][p->num - 1];
	struct dentry *dir, *counters;
	char num[4];
	int i;

	snprintf(num, sizeof(num), "%d", p->num);
	dir = debugfs_create_dir(num, p->hca->dir);
	for (i = 0; i < ARRAY_SIZE(controls); i++) {
		b[i] = (struct bound_control){p, &controls[i]};
		debugfs_create_file(controls[i].name, controls[i].show ? 0600 : 0200, dir, &b[i],
				    &control_fops);
	}
	debugfs_create_u32("drop_pct", 0600, dir, &p->drop_pct);
	debugfs_create_u32("far_width", 0600, dir, &p->far_width);
	debugfs_create_u32("cap_mask", 0600, dir, &p->cap);
	counters = debugfs_create_dir("counters", dir);
	for (i = 0; i < C_COUNT; i++)
		debugfs_create_u64(counter_names[i], 0600, counters, &p->counters[i]);
	for (i = 0; i < HW_COUNT; i++)
		debugfs_create_u64(hw_counters[i].name, 0600, counters, &p->hw[i]);
}
