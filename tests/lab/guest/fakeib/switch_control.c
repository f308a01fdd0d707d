// SPDX-License-Identifier: GPL-2.0
/* The controls of the switches in debugfs. */
#include "fakeib.h"
#include <linux/module.h>

static ssize_t power_read(struct file *f, char __user *b, size_t n, loff_t *o)
{
	const struct fake_switch *sw = f->private_data;

	return simple_read_from_buffer(b, n, o, sw->powered ? "1\n" : "0\n", 2);
}

static ssize_t power_write(struct file *f, const char __user *b, size_t n, loff_t *o)
{
	bool on;
	int err = kstrtobool_from_user(b, n, &on);

	if (err)
		return err;
	power_switch(f->private_data, on);
	return n;
}

static const struct file_operations power_fops = {.owner = THIS_MODULE,
						  .open = simple_open,
						  .read = power_read,
						  .write = power_write,
						  .llseek = default_llseek};

/* "PORT PEER STATE" of the ports with a cable */
static int ports_show(struct seq_file *to, void *v)
{
	struct fake_switch *sw = to->private;
	struct fake_port *p;
	unsigned long flags;
	int i;

	spin_lock_irqsave(&fabric, flags);
	for (i = 1; i <= swports; i++) {
		p = switch_peer(sw, i);
		if (p)
			seq_printf(to, "%d %s/%d", i, dev_name(&p->hca->ibdev.dev), p->num);
		else if (sw->port[i].peer)
			seq_printf(to, "%d switch%d/%d", i, sw->port[i].peer->idx, i);
		else
			continue;
		seq_puts(to, switch_link_up(sw, i) ? " up\n" : " down\n");
	}
	spin_unlock_irqrestore(&fabric, flags);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(ports);

static int counter_named(const char *name)
{
	int i;

	for (i = 0; i < C_COUNT; i++)
		if (!strcmp(name, counter_names[i]))
			return i;
	return -EINVAL;
}

static int counters_show(struct seq_file *to, void *v)
{
	struct fake_switch *sw = to->private;
	int i, c;

	for (i = 0; i <= swports; i++)
		for (c = 0; c < C_COUNT; c++)
			if (sw->port[i].counters[c])
				seq_printf(to, "%d %s %llu\n", i, counter_names[c],
					   sw->port[i].counters[c]);
	return 0;
}

static int counters_open(struct inode *inode, struct file *f)
{
	return single_open(f, counters_show, inode->i_private);
}

/* "PORT COUNTER VALUE" */
static ssize_t counters_write(struct file *f, const char __user *b, size_t n, loff_t *o)
{
	struct fake_switch *sw = ((struct seq_file *)f->private_data)->private;
	char text[80], name[40];
	int port, counter;
	long long value;
	ssize_t len;

	len = read_words(text, sizeof(text), b, n);
	if (len < 0)
		return len;
	if (sscanf(text, "%d %39s %lli", &port, name, &value) != 3 || port < 0 || port > swports)
		return -EINVAL;
	counter = counter_named(name);
	if (counter < 0)
		return counter;
	sw->port[port].counters[counter] = value;
	return len;
}

static const struct file_operations counters_fops = {.owner = THIS_MODULE,
						     .open = counters_open,
						     .read = seq_read,
						     .write = counters_write,
						     .llseek = seq_lseek,
						     .release = single_release};

static int isl_get(void *data, u64 *value)
{
	*value = isl_plugged;
	return 0;
}

static int isl_set(void *data, u64 value)
{
	plug_isl(value);
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(isl_fops, isl_get, isl_set, "%llu\n");

void create_switch_controls(struct dentry *root)
{
	struct fake_switch *sw;
	char name[16];

	if (switches == 2)
		debugfs_create_file_unsafe("isl", 0600, root, NULL, &isl_fops);
	for (sw = fabric_switches; sw < fabric_switches + switches; sw++) {
		snprintf(name, sizeof(name), "switch%d", sw->idx);
		sw->dir = debugfs_create_dir(name, root);
		debugfs_create_file("power", 0600, sw->dir, sw, &power_fops);
		debugfs_create_file("ports", 0400, sw->dir, sw, &ports_fops);
		debugfs_create_file("counters", 0600, sw->dir, sw, &counters_fops);
		debugfs_create_bool("mute", 0600, sw->dir, &sw->mute);
	}
}
