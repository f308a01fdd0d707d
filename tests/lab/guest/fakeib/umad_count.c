// SPDX-License-Identifier: GPL-2.0
/*
 * Counts the MADs that programs send through /dev/infiniband/umad*, by program, port, class, method
 * and attribute.  A probe on ib_post_send_mad() sees the MADs of all agents, those of the kernel
 * too; an agent of user space has its receive handler in ib_umad.
 */
#include "fakeib.h"
#include <linux/kallsyms.h>
#include <linux/kprobes.h>
#include <linux/module.h>

#define MAX_ROWS 512

struct row {
	char program[TASK_COMM_LEN], device[IB_DEVICE_NAME_MAX];
	u32 port;
	u8 class, method;
	u16 attribute;
	u64 count;
};

static struct row rows[MAX_ROWS];
static int row_count;
static u64 lost;
static DEFINE_RAW_SPINLOCK(lock);
static void *user_handler; /* ib_umad's, once seen */

static bool of_user_space(const struct ib_mad_agent *agent)
{
	char symbol[KSYM_SYMBOL_LEN];
	void *handler = agent->recv_handler;

	if (!handler)
		return false; /* the directed-route agents of ib_mad itself */
	if (handler == user_handler)
		return true;
	sprint_symbol(symbol, (unsigned long)handler);
	if (!strstr(symbol, "[ib_umad"))
		return false;
	user_handler = handler;
	return true;
}

static void count(const struct row *r)
{
	unsigned long flags;
	int i;

	raw_spin_lock_irqsave(&lock, flags);
	for (i = 0; i < row_count; i++)
		if (!memcmp(&rows[i], r, offsetof(struct row, count)))
			break;
	if (i < MAX_ROWS) {
		if (i == row_count)
			rows[row_count++] = *r;
		rows[i].count++;
	} else {
		lost++;
	}
	raw_spin_unlock_irqrestore(&lock, flags);
}

static int before_send(struct kprobe *probe, struct pt_regs *regs)
{
	struct ib_mad_send_buf *buf = (void *)regs_get_kernel_argument(regs, 0);

	for (; buf; buf = buf->next) {
		const struct ib_mad_hdr *hdr = buf->mad;
		struct row r;

		if (!of_user_space(buf->mad_agent))
			continue;
		memset(&r, 0, sizeof(r));
		strscpy(r.program, current->group_leader->comm, sizeof(r.program));
		strscpy(r.device, dev_name(&buf->mad_agent->device->dev), sizeof(r.device));
		r.port = buf->mad_agent->port_num;
		r.class = hdr->mgmt_class;
		r.method = hdr->method;
		r.attribute = be16_to_cpu(hdr->attr_id);
		count(&r);
	}
	return 0;
}

static struct kprobe probe = {.symbol_name = "ib_post_send_mad", .pre_handler = before_send};
static bool probing;

static int umad_sent_show(struct seq_file *to, void *v)
{
	unsigned long flags;
	int i;

	raw_spin_lock_irqsave(&lock, flags);
	for (i = 0; i < row_count; i++)
		seq_printf(to, "%s %s %d class 0x%02x method 0x%02x attr 0x%04x count %llu\n",
			   rows[i].program, rows[i].device, rows[i].port, rows[i].class,
			   rows[i].method, rows[i].attribute, rows[i].count);
	if (lost)
		seq_printf(to, "lost %llu\n", lost);
	raw_spin_unlock_irqrestore(&lock, flags);
	return 0;
}

static int umad_sent_open(struct inode *inode, struct file *f)
{
	return single_open(f, umad_sent_show, NULL);
}

/* Whatever is written: from zero again. */
static ssize_t umad_sent_write(struct file *f, const char __user *b, size_t n, loff_t *o)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&lock, flags);
	row_count = 0;
	lost = 0;
	raw_spin_unlock_irqrestore(&lock, flags);
	return n;
}

static const struct file_operations umad_sent_fops = {.owner = THIS_MODULE,
						      .open = umad_sent_open,
						      .read = seq_read,
						      .write = umad_sent_write,
						      .llseek = seq_lseek,
						      .release = single_release};

void start_umad_count(struct dentry *root)
{
	int err = register_kprobe(&probe);

	if (err) {
		pr_warn("MADs of user space are not counted: %d\n", err);
		return;
	}
	probing = true;
	debugfs_create_file("umad_sent", 0600, root, NULL, &umad_sent_fops);
}

void stop_umad_count(void)
{
	if (probing)
		unregister_kprobe(&probe);
}
