// SPDX-License-Identifier: GPL-2.0
/* Posted sends, and their completions, which can be withheld. */
#include "fakeib.h"

/* A private copy of what the work request describes. */
static int gather(const struct ib_send_wr *wr, struct packet *k)
{
	u32 at = 0;
	int i;

	for (i = 0; i < wr->num_sge; i++)
		k->len += wr->sg_list[i].length;
	k->data = kmalloc(k->len + 4, GFP_ATOMIC);
	if (!k->data)
		return -ENOMEM;
	for (i = 0; i < wr->num_sge; i++) {
		memcpy(k->data + at, (void *)(uintptr_t)wr->sg_list[i].addr, wr->sg_list[i].length);
		at += wr->sg_list[i].length;
	}
	return 0;
}

static void address(struct fake_port *p, struct fake_qp *q, const struct ib_ud_wr *ud,
		    struct packet *k)
{
	const struct rdma_ah_attr *to = &to_ah(ud->ah)->attr;

	k->slid = p->lid;
	k->dlid = rdma_ah_get_dlid(to);
	k->sl = rdma_ah_get_sl(to);
	k->src_qpn = q->num;
	k->dst_qpn = ud->remote_qpn;
	k->qkey = (ud->remote_qkey & 0x80000000) ? q->qkey : ud->remote_qkey;
	k->pkey = p->pkey[(q->num == 1 ? ud->pkey_index : q->pkey_index) % PKEYS];
	k->grh = rdma_ah_get_ah_flags(to) & IB_AH_GRH;
	k->sgid.global.subnet_prefix = cpu_to_be64(p->prefix);
	k->sgid.global.interface_id = cpu_to_be64(p->guid);
	if (k->grh)
		k->dgid = to->grh.dgid;
}

static void complete_send(struct fake_port *p, struct fake_qp *q, const struct ib_wc *wc)
{
	struct completion_entry *e;
	unsigned long flags;

	spin_lock_irqsave(&fabric, flags);
	if (p->stall && q->num > 1 && wc->status == IB_WC_SUCCESS) {
		e = kmalloc(sizeof(*e), GFP_ATOMIC);
		if (e) {
			e->wc = *wc;
			list_add_tail(&e->l, &q->held);
		}
	} else {
		add_completion(q->ibqp.send_cq, wc);
	}
	spin_unlock_irqrestore(&fabric, flags);
}

static int send(struct fake_qp *q, const struct ib_send_wr *wr)
{
	struct fake_port *p = port_of(q->ibqp.device, q->port);
	struct ib_wc wc = {.wr_id = wr->wr_id, .opcode = IB_WC_SEND, .qp = &q->ibqp};
	struct packet k = {};
	unsigned long flags;
	int err;

	if (q->state == IB_QPS_ERR || q->init.qp_type == IB_QPT_RC) {
		wc.status = IB_WC_WR_FLUSH_ERR;
	} else {
		err = gather(wr, &k);
		if (err)
			return err;
		spin_lock_irqsave(&fabric, flags);
		address(p, q, ud_wr(wr), &k);
		if (p->stall < 2 || q->num <= 1)
			transmit(p, q, &k);
		spin_unlock_irqrestore(&fabric, flags);
		kfree(k.data);
		wc.byte_len = k.len;
	}
	if (q->signal_all || (wr->send_flags & IB_SEND_SIGNALED) || wc.status != IB_WC_SUCCESS)
		complete_send(p, q, &wc);
	return 0;
}

static int post_send(struct ib_qp *ibqp, const struct ib_send_wr *wr, const struct ib_send_wr **bad)
{
	for (; wr; wr = wr->next) {
		int err = send(to_qp(ibqp), wr);

		if (err) {
			*bad = wr;
			return err;
		}
	}
	return 0;
}

/* Empties the list of withheld completions: flushed, as a QP in error does, or forgotten.  fabric
 * held. */
void end_withheld(struct fake_qp *q, bool flushed)
{
	struct completion_entry *e, *n;

	list_for_each_entry_safe (e, n, &q->held, l) {
		e->wc.status = IB_WC_WR_FLUSH_ERR;
		if (flushed)
			add_completion(q->ibqp.send_cq, &e->wc);
		list_del(&e->l);
		kfree(e);
	}
}

/* 0 hands on what was withheld so far. */
void set_stall(struct fake_port *p, u8 how)
{
	struct completion_entry *e, *n;
	struct fake_qp *q;
	unsigned long flags;

	spin_lock_irqsave(&fabric, flags);
	p->stall = how;
	list_for_each_entry (q, &p->hca->qps, l) {
		if (how || q->port != p->num)
			continue;
		list_for_each_entry_safe (e, n, &q->held, l) {
			add_completion(q->ibqp.send_cq, &e->wc);
			list_del(&e->l);
			kfree(e);
		}
	}
	spin_unlock_irqrestore(&fabric, flags);
}

const struct ib_device_ops send_ops = {
	.post_send = post_send,
};
