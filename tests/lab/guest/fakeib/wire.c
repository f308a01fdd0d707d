// SPDX-License-Identifier: GPL-2.0
/* How packets find their way, and how they arrive. */
#include "fakeib.h"

#define GRH_SIZE 40
#define LRH_BTH_DETH_SIZE 28

static bool is_multicast(u32 lid)
{
	return lid >= FIRST_MLID && lid != PERMISSIVE_LID;
}

static u32 words(const struct packet *k)
{
	return (k->len + LRH_BTH_DETH_SIZE + (k->grh ? GRH_SIZE : 0)) / 4;
}

/* Equal but for the membership bit, and at least one of them a full member's. */
bool pkeys_match(u16 a, u16 b)
{
	return a && b && (a & 0x7fff) == (b & 0x7fff) && ((a | b) & 0x8000);
}

/* Data QPs are choosy; management packets are not. */
static bool accepts(struct fake_port *to, struct fake_qp *q, const struct packet *k)
{
	if (to->state != IB_PORT_ACTIVE)
		return false;
	if (q->state != IB_QPS_RTR && q->state != IB_QPS_RTS && q->state != IB_QPS_SQD)
		return false;
	if (q->qkey != k->qkey) {
		to->bad_qkey++;
		return false;
	}
	if (!pkeys_match(to->pkey[q->pkey_index % PKEYS], k->pkey)) {
		to->bad_pkey++;
		return false;
	}
	if (to->drop_pct && prandom_u32_max(100) < to->drop_pct) {
		to->counters[C_RCV_ERRORS]++;
		return false;
	}
	return true;
}

static void make_grh(const struct packet *k, struct ib_grh *grh)
{
	grh->version_tclass_flow = cpu_to_be32(6 << 28);
	grh->paylen = cpu_to_be16(k->len);
	grh->next_hdr = 0x1b;
	grh->hop_limit = 64;
	grh->sgid = k->sgid;
	grh->dgid = k->dgid;
}

/* Copies the 40 bytes for a GRH and the packet into the buffers; false if they are too small. */
static bool scatter(const struct posted_receive *r, const struct packet *k)
{
	u32 at = 0, total = GRH_SIZE + k->len, n;
	u8 grh[GRH_SIZE] = {};
	int i;

	if (k->grh)
		make_grh(k, (struct ib_grh *)grh);
	for (i = 0; i < r->sges && at < total; i++) {
		u8 *to = (u8 *)(uintptr_t)r->sge[i].addr;
		u32 room = r->sge[i].length;

		if (at < GRH_SIZE) {
			n = min(room, GRH_SIZE - at);
			memcpy(to, grh + at, n);
			at += n;
			to += n;
			room -= n;
		}
		n = min(room, total - at);
		if (n) {
			memcpy(to, k->data + at - GRH_SIZE, n);
			at += n;
		}
	}
	return at == total;
}

/* Hands a packet to a QP, as a UD receive. */
void deliver(struct fake_port *to, struct fake_qp *q, struct packet *k)
{
	struct ib_wc wc = {.opcode = IB_WC_RECV, .qp = &q->ibqp};
	struct posted_receive *r;

	if (q->num > 1 && !accepts(to, q, k))
		return;
	if (list_empty(&q->receives)) {
		to->hw[HW_OUT_OF_BUFFER]++;
		if (q->num == 0)
			to->counters[C_VL15_DROPPED]++;
		return;
	}
	r = list_first_entry(&q->receives, struct posted_receive, l);
	list_del(&r->l);
	wc.wr_id = r->wr_id;
	wc.status = scatter(r, k) ? IB_WC_SUCCESS : IB_WC_LOC_LEN_ERR;
	wc.byte_len = GRH_SIZE + k->len;
	wc.src_qp = k->src_qpn;
	wc.slid = k->slid;
	wc.sl = k->sl;
	wc.wc_flags = k->grh ? IB_WC_GRH : 0;
	wc.port_num = to->num;
	wc.pkey_index = q->num > 1 ? q->pkey_index : 0;
	kfree(r);
	add_completion(q->ibqp.recv_cq, &wc);
	to->counters[C_RCV_PKTS]++;
	to->counters[C_RCV_DATA] += words(k);
	to->counters[is_multicast(k->dlid) ? C_MC_RCV : C_UC_RCV]++;
}

/* Sends the packet, which has become an answer, back to where it came from. */
void reply(struct fake_port *to, struct packet *k, u16 from_lid)
{
	struct fake_qp *q = find_qp(to, k->src_qpn);

	if (!q)
		return;
	k->dlid = k->slid;
	k->slid = from_lid;
	if (k->grh)
		swap(k->sgid, k->dgid);
	deliver(to, q, k);
}

/* The other end of a cable back to back: 0 with 1, 2 with 3, ... */
struct fake_port *opposite(struct fake_port *p)
{
	struct fake_hca *h = hcas[p->hca->idx ^ 1];

	return h ? &h->port[p->num - 1] : NULL;
}

bool reaches(const struct fake_port *a, const struct fake_port *b)
{
	if (a == b)
		return true;
	if (!a->linked || !b->linked)
		return false;
	if (!sm)
		return b->hca->idx == (a->hca->idx ^ 1) && b->num == a->num;
	return !switches || a->cable->sw == b->cable->sw || isl_up();
}

static struct fake_port *find_lid(const struct fake_port *from, u32 lid)
{
	struct fake_hca **h;
	struct fake_port *p;

	if (from->lid == lid)
		return (struct fake_port *)from;
	for_each_port (h, p)
		if (p->lid == lid && reaches(from, p))
			return p;
	return NULL;
}

static bool is_attached(const struct fake_qp *q, const union ib_gid *gid)
{
	struct attached_group *g;

	list_for_each_entry (g, &q->groups, l)
		if (!memcmp(&g->gid, gid, sizeof(*gid)))
			return true;
	return false;
}

/* To all attached QPs; with sm=1 only at ports that the SA has joined, as switches do it. */
static void send_multicast(struct fake_port *from, struct fake_qp *sender, struct packet *k)
{
	int group = sm ? find_group(&k->dgid) : -1;
	struct fake_hca **h;
	struct fake_port *p;
	struct fake_qp *q;

	if (sm && group < 0)
		return;
	for_each_port (h, p) {
		if (!from->linked || !reaches(from, p) || (sm && !group_forwards(group, p)))
			continue;
		list_for_each_entry (q, &p->hca->qps, l)
			if (q != sender && q->port == p->num && is_attached(q, &k->dgid)) {
				count_exit(from, p, words(k), true);
				deliver(p, q, k);
			}
	}
}

static void send_unicast(struct fake_port *from, struct packet *k)
{
	struct fake_port *to = find_lid(from, k->dlid);
	struct fake_qp *q = to ? find_qp(to, k->dst_qpn) : NULL;

	if (!q)
		return;
	count_exit(from, to, words(k), false);
	deliver(to, q, k);
}

void transmit(struct fake_port *from, struct fake_qp *q, struct packet *k)
{
	struct fake_switch *sw;

	if (q->num > 1 && from->state != IB_PORT_ACTIVE) {
		from->counters[C_XMIT_DISCARDS]++;
		return;
	}
	from->counters[C_XMIT_PKTS]++;
	from->counters[C_XMIT_DATA] += words(k);
	from->counters[is_multicast(k->dlid) ? C_MC_XMIT : C_UC_XMIT]++;
	count_entry(from, words(k), is_multicast(k->dlid));
	if (is_multicast(k->dlid)) {
		send_multicast(from, q, k);
	} else if (q->num == 0 && k->dlid == PERMISSIVE_LID) {
		route_directed(from, k);
	} else if (sm && q->num <= 1 && k->dlid == sa_lid) {
		if (q->num == 0)
			ask_sm(from, k);
		else
			ask_sa(from, k);
	} else {
		sw = q->num <= 1 ? switch_with_lid(k->dlid) : NULL;
		if (sw)
			ask_switch(from, sw, k);
		else
			send_unicast(from, k);
	}
}
