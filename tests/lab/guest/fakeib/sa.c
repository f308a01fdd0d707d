// SPDX-License-Identifier: GPL-2.0
/* The built-in subnet administrator: what it hears, whether and when it answers. */
#include "fakeib.h"
#include <linux/module.h>

#define ANY_SL 0xff
#define LATE_STEP msecs_to_jiffies(10)

struct late_answer {
	struct list_head l;
	ktime_t due;
	int hca, port;
	struct packet packet;
	u8 data[MAD_SIZE];
};

u32 sa_lid = 1;
static u32 answered_sl = ANY_SL, refusal, delay_ms;
static bool dropping;
static u64 received, answered;
static LIST_HEAD(late);

static void send_late(struct work_struct *work);
static DECLARE_DELAYED_WORK(late_work, send_late);

static void send_late(struct work_struct *work)
{
	struct late_answer *a, *n;
	unsigned long flags;

	spin_lock_irqsave(&fabric, flags);
	list_for_each_entry_safe (a, n, &late, l) {
		if (ktime_before(ktime_get(), a->due))
			continue;
		list_del(&a->l);
		if (hcas[a->hca] && hcas[a->hca]->port[a->port].linked) {
			answered++;
			reply(&hcas[a->hca]->port[a->port], &a->packet, sa_lid);
		}
		kfree(a);
	}
	if (!list_empty(&late))
		mod_delayed_work(work_queue, &late_work, LATE_STEP);
	spin_unlock_irqrestore(&fabric, flags);
}

static void answer_later(struct fake_port *to, const struct packet *k)
{
	struct late_answer *a = kmalloc(sizeof(*a), GFP_ATOMIC);

	if (!a)
		return;
	a->due = ktime_add_ms(ktime_get(), delay_ms);
	a->hca = to->hca->idx;
	a->port = to->num - 1;
	a->packet = *k;
	memcpy(a->data, k->data, MAD_SIZE);
	a->packet.data = a->data;
	a->packet.len = MAD_SIZE;
	list_add_tail(&a->l, &late);
	mod_delayed_work(work_queue, &late_work, LATE_STEP);
}

static void class_port_info(u8 *data)
{
	struct ib_class_port_info *info = (void *)data;

	memset(data, 0, IB_MGMT_SA_DATA);
	info->base_version = 1;
	info->class_version = IB_SA_CLASS_VERSION;
}

/* Makes the answer of a request, and returns its status. */
static u16 administer(struct fake_port *from, struct ib_sa_mad *m)
{
	u8 method = m->mad_hdr.method;

	if (refusal)
		return refusal;
	switch (be16_to_cpu(m->mad_hdr.attr_id)) {
	case IB_SA_ATTR_CLASS_PORTINFO:
		class_port_info(m->data);
		return 0;
	case IB_SA_ATTR_PATH_REC:
		return method == IB_MGMT_METHOD_GET ? path_record(from, m->data)
						    : MAD_BAD_METHOD_ATTR;
	case IB_SA_ATTR_MC_MEMBER_REC:
		return group_record(from, method, &m->sa_hdr, m->data);
	case IB_SA_ATTR_INFORM_INFO:
	case IB_SA_ATTR_SERVICE_REC:
		return 0; /* accepted, echoed */
	}
	return MAD_BAD_METHOD_ATTR;
}

void ask_sa(struct fake_port *from, struct packet *k)
{
	struct ib_sa_mad *m = (void *)k->data;
	u8 method = m->mad_hdr.method;

	if (!from->linked || k->len < MAD_SIZE || m->mad_hdr.mgmt_class != IB_MGMT_CLASS_SUBN_ADM ||
	    (method & IB_MGMT_METHOD_RESP))
		return;
	if (answered_sl != ANY_SL && k->sl != answered_sl)
		return;
	received++;
	if (dropping)
		return;
	m->mad_hdr.status = cpu_to_be16(administer(from, m));
	m->mad_hdr.method = method == IB_MGMT_METHOD_SET ? IB_MGMT_METHOD_GET_RESP
							 : method | IB_MGMT_METHOD_RESP;
	if (delay_ms) {
		answer_later(from, k);
		return;
	}
	answered++;
	reply(from, k, sa_lid);
}

void create_sa_controls(struct dentry *root)
{
	debugfs_create_u32("sa_lid", 0600, root, &sa_lid);
	debugfs_create_u32("sa_sl", 0600, root, &answered_sl);
	debugfs_create_bool("sa_drop", 0600, root, &dropping);
	debugfs_create_u32("sa_status", 0600, root, &refusal);
	debugfs_create_u32("sa_delay_ms", 0600, root, &delay_ms);
	debugfs_create_u64("sa_rx", 0400, root, &received);
	debugfs_create_u64("sa_tx", 0400, root, &answered);
}

/* Nobody asks any more. */
void stop_sa(void)
{
	struct late_answer *a, *n;

	cancel_delayed_work_sync(&late_work);
	list_for_each_entry_safe (a, n, &late, l)
		kfree(a);
	free_groups_of_sa();
}
