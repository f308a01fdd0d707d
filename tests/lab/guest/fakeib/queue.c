// SPDX-License-Identifier: GPL-2.0
/* Completion queues and queue pairs of the kernel.  Those of user space are refused. */
#include "fakeib.h"

struct fake_cq {
	struct ib_cq ibcq;
	spinlock_t lock;
	struct list_head entries;
	bool armed;
	struct work_struct notify; /* completions are raised from a work item */
};
#define to_cq(x) container_of(x, struct fake_cq, ibcq)

static u32 next_qp = 0x40;

static void notify(struct work_struct *work)
{
	struct ib_cq *cq = &container_of(work, struct fake_cq, notify)->ibcq;

	local_bh_disable();
	cq->comp_handler(cq, cq->cq_context);
	local_bh_enable();
}

void add_completion(struct ib_cq *ibcq, const struct ib_wc *wc)
{
	struct completion_entry *e = kmalloc(sizeof(*e), GFP_ATOMIC);
	struct fake_cq *cq = to_cq(ibcq);
	unsigned long flags;

	if (!e)
		return;
	e->wc = *wc;
	spin_lock_irqsave(&cq->lock, flags);
	list_add_tail(&e->l, &cq->entries);
	if (cq->armed) {
		cq->armed = false;
		queue_work(work_queue, &cq->notify);
	}
	spin_unlock_irqrestore(&cq->lock, flags);
}

static int create_cq(struct ib_cq *ibcq, const struct ib_cq_init_attr *a, struct ib_udata *u)
{
	struct fake_cq *cq = to_cq(ibcq);

	if (u)
		return -EOPNOTSUPP;
	spin_lock_init(&cq->lock);
	INIT_LIST_HEAD(&cq->entries);
	INIT_WORK(&cq->notify, notify);
	ibcq->cqe = a->cqe;
	return 0;
}

static int destroy_cq(struct ib_cq *ibcq, struct ib_udata *u)
{
	struct fake_cq *cq = to_cq(ibcq);
	struct completion_entry *e, *n;

	cancel_work_sync(&cq->notify);
	list_for_each_entry_safe (e, n, &cq->entries, l)
		kfree(e);
	return 0;
}

static int poll_cq(struct ib_cq *ibcq, int n, struct ib_wc *wc)
{
	struct fake_cq *cq = to_cq(ibcq);
	struct completion_entry *e;
	unsigned long flags;
	int i = 0;

	spin_lock_irqsave(&cq->lock, flags);
	while (i < n && !list_empty(&cq->entries)) {
		e = list_first_entry(&cq->entries, struct completion_entry, l);
		list_del(&e->l);
		wc[i++] = e->wc;
		kfree(e);
	}
	spin_unlock_irqrestore(&cq->lock, flags);
	return i;
}

static int req_notify_cq(struct ib_cq *ibcq, enum ib_cq_notify_flags how)
{
	struct fake_cq *cq = to_cq(ibcq);
	unsigned long flags;
	int missed;

	spin_lock_irqsave(&cq->lock, flags);
	cq->armed = true;
	missed = (how & IB_CQ_REPORT_MISSED_EVENTS) && !list_empty(&cq->entries);
	spin_unlock_irqrestore(&cq->lock, flags);
	return missed;
}

static int create_qp(struct ib_qp *ibqp, struct ib_qp_init_attr *a, struct ib_udata *u)
{
	struct fake_qp *q = to_qp(ibqp);
	unsigned long flags;

	if (u)
		return -EOPNOTSUPP;
	if (a->qp_type != IB_QPT_UD && a->qp_type != IB_QPT_GSI && a->qp_type != IB_QPT_SMI &&
	    a->qp_type != IB_QPT_RC)
		return -EOPNOTSUPP;
	INIT_LIST_HEAD(&q->receives);
	INIT_LIST_HEAD(&q->groups);
	INIT_LIST_HEAD(&q->held);
	q->init = *a;
	q->signal_all = a->sq_sig_type == IB_SIGNAL_ALL_WR;
	q->port = a->port_num ?: 1;
	spin_lock_irqsave(&fabric, flags);
	q->num = a->qp_type == IB_QPT_SMI ? 0 : a->qp_type == IB_QPT_GSI ? 1 : next_qp++;
	list_add(&q->l, &container_of(ibqp->device, struct fake_hca, ibdev)->qps);
	spin_unlock_irqrestore(&fabric, flags);
	ibqp->qp_num = q->num;
	return 0;
}

static void flush_receives(struct fake_qp *q, bool completed)
{
	struct posted_receive *r, *n;

	list_for_each_entry_safe (r, n, &q->receives, l) {
		struct ib_wc wc = {.wr_id = r->wr_id,
				   .status = IB_WC_WR_FLUSH_ERR,
				   .opcode = IB_WC_RECV,
				   .qp = &q->ibqp};

		list_del(&r->l);
		kfree(r);
		if (completed)
			add_completion(q->ibqp.recv_cq, &wc);
	}
}

static int modify_qp(struct ib_qp *ibqp, struct ib_qp_attr *a, int mask, struct ib_udata *u)
{
	struct fake_qp *q = to_qp(ibqp);
	unsigned long flags;

	spin_lock_irqsave(&fabric, flags);
	if (mask & IB_QP_QKEY)
		q->qkey = a->qkey;
	if (mask & IB_QP_PKEY_INDEX)
		q->pkey_index = a->pkey_index;
	if (mask & IB_QP_PORT)
		q->port = a->port_num;
	if (mask & IB_QP_STATE) {
		q->state = a->qp_state;
		if (q->state == IB_QPS_ERR || q->state == IB_QPS_RESET) {
			flush_receives(q, q->state == IB_QPS_ERR);
			end_withheld(q, q->state == IB_QPS_ERR);
		}
	}
	spin_unlock_irqrestore(&fabric, flags);
	return 0;
}

static int query_qp(struct ib_qp *ibqp, struct ib_qp_attr *a, int mask, struct ib_qp_init_attr *ia)
{
	struct fake_qp *q = to_qp(ibqp);

	a->qp_state = a->cur_qp_state = q->state;
	a->qkey = q->qkey;
	a->pkey_index = q->pkey_index;
	a->port_num = q->port;
	*ia = q->init;
	a->cap = q->init.cap;
	return 0;
}

static int destroy_qp(struct ib_qp *ibqp, struct ib_udata *u)
{
	struct fake_qp *q = to_qp(ibqp);
	struct attached_group *g, *n;
	unsigned long flags;

	spin_lock_irqsave(&fabric, flags);
	list_del(&q->l);
	flush_receives(q, false);
	end_withheld(q, false);
	list_for_each_entry_safe (g, n, &q->groups, l)
		kfree(g);
	spin_unlock_irqrestore(&fabric, flags);
	return 0;
}

static int post_receive(struct fake_qp *q, const struct ib_recv_wr *wr)
{
	struct posted_receive *r;
	unsigned long flags;
	int i;

	if (q->state == IB_QPS_ERR) {
		struct ib_wc wc = {.wr_id = wr->wr_id,
				   .status = IB_WC_WR_FLUSH_ERR,
				   .opcode = IB_WC_RECV,
				   .qp = &q->ibqp};

		add_completion(q->ibqp.recv_cq, &wc);
		return 0;
	}
	if (wr->num_sge > ARRAY_SIZE(r->sge))
		return -EINVAL;
	r = kmalloc(sizeof(*r), GFP_ATOMIC);
	if (!r)
		return -ENOMEM;
	r->wr_id = wr->wr_id;
	r->sges = wr->num_sge;
	for (i = 0; i < r->sges; i++)
		r->sge[i] = wr->sg_list[i];
	spin_lock_irqsave(&fabric, flags);
	list_add_tail(&r->l, &q->receives);
	spin_unlock_irqrestore(&fabric, flags);
	return 0;
}

static int post_recv(struct ib_qp *ibqp, const struct ib_recv_wr *wr, const struct ib_recv_wr **bad)
{
	for (; wr; wr = wr->next) {
		int err = post_receive(to_qp(ibqp), wr);

		if (err) {
			*bad = wr;
			return err;
		}
	}
	return 0;
}

static int attach_mcast(struct ib_qp *ibqp, union ib_gid *gid, u16 lid)
{
	struct attached_group *g = kmalloc(sizeof(*g), GFP_KERNEL);
	unsigned long flags;

	if (!g)
		return -ENOMEM;
	g->gid = *gid;
	spin_lock_irqsave(&fabric, flags);
	list_add(&g->l, &to_qp(ibqp)->groups);
	spin_unlock_irqrestore(&fabric, flags);
	return 0;
}

static int detach_mcast(struct ib_qp *ibqp, union ib_gid *gid, u16 lid)
{
	struct attached_group *g;
	unsigned long flags;

	spin_lock_irqsave(&fabric, flags);
	list_for_each_entry (g, &to_qp(ibqp)->groups, l)
		if (!memcmp(&g->gid, gid, sizeof(*gid))) {
			list_del(&g->l);
			kfree(g);
			break;
		}
	spin_unlock_irqrestore(&fabric, flags);
	return 0;
}

/* A QP of a port's HCA by its number; QP 0 and 1 exist once per port.  fabric held. */
struct fake_qp *find_qp(struct fake_port *p, u32 num)
{
	struct fake_qp *q;

	list_for_each_entry (q, &p->hca->qps, l)
		if (q->num == num && (num > 1 || q->port == p->num))
			return q;
	return NULL;
}

const struct ib_device_ops queue_ops = {
	.create_cq = create_cq,
	.destroy_cq = destroy_cq,
	.poll_cq = poll_cq,
	.req_notify_cq = req_notify_cq,
	.create_qp = create_qp,
	.modify_qp = modify_qp,
	.query_qp = query_qp,
	.destroy_qp = destroy_qp,
	.post_recv = post_recv,
	.attach_mcast = attach_mcast,
	.detach_mcast = detach_mcast,
	INIT_RDMA_OBJ_SIZE(ib_cq, fake_cq, ibcq),
	INIT_RDMA_OBJ_SIZE(ib_qp, fake_qp, ibqp),
};
