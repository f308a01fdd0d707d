// SPDX-License-Identifier: GPL-2.0
/* The management agents of the switches, and the way of directed-route SMPs through them. */
#include "fakeib.h"

#define DEVICE_ID 0xd2f0
#define LINEAR_CAP 0xbfff
#define UNREACHABLE 0xff

struct switch_info {
	__be16 linear_cap, random_cap, multicast_cap, linear_top;
	u8 default_port, default_primary, default_not_primary, lifetime_change;
	__be16 lids_per_port, partition_cap;
	u8 flags, reserved;
	__be16 multicast_top;
} __packed;

struct fake_switch *switch_with_lid(u32 lid)
{
	int i;

	for (i = 0; i < switches; i++)
		if (fabric_switches[i].lid == lid)
			return &fabric_switches[i];
	return NULL;
}

static void node_description(struct fake_switch *sw, u8 *data)
{
	memset(data, 0, 64);
	snprintf(data, 64, "sw%d", sw->idx);
}

static void node_info(struct fake_switch *sw, u8 in, u8 *data)
{
	struct node_facts f = {.node_guid = sw->guid,
			       .port_guid = sw->guid,
			       .device = DEVICE_ID,
			       .type = RDMA_NODE_IB_SWITCH,
			       .ports = swports,
			       .local_port = in};

	fill_node_info(data, &f);
}

static void switch_info(u8 *data)
{
	struct switch_info *s = (void *)data;

	memset(data, 0, 64);
	s->linear_cap = cpu_to_be16(LINEAR_CAP);
	s->multicast_cap = cpu_to_be16(0x1000);
	s->linear_top = cpu_to_be16(fabric_switches[switches - 1].lid);
	s->default_port = s->default_primary = s->default_not_primary = 255;
	s->lifetime_change = 18 << 3;
	s->partition_cap = cpu_to_be16(32);
	s->multicast_top = cpu_to_be16(FIRST_MLID + 0x3ff);
}

static u16 port_info(struct fake_switch *sw, u8 in, u32 num, u8 *data)
{
	struct port_facts f = {.sm_lid = sa_lid,
			       .width = IB_WIDTH_4X,
			       .speed = IB_SPEED_EDR,
			       .best_speed = IB_SPEED_EDR,
			       .mtu = mtu,
			       .local_port = in,
			       .prefix = 0xfe80000000000000ULL};
	struct fake_port *peer;

	if (num > swports)
		return MAD_BAD_FIELD;
	if (num == 0) {
		f.lid = sw->lid;
		f.cap = IB_PORT_SL_MAP_SUP | IB_PORT_SYS_IMAGE_GUID_SUP |
			IB_PORT_EXTENDED_SPEEDS_SUP;
	}
	if (num == 0 || switch_link_up(sw, num)) {
		f.state = IB_PORT_ACTIVE;
		f.phys = 5;
	} else {
		f.state = IB_PORT_DOWN;
		f.phys = 2;
	}
	peer = num ? switch_peer(sw, num) : NULL;
	if (peer) {
		f.width = peer->far_width ? peer->far_width : peer->width;
		f.speed = peer->speed;
		f.best_speed = peer->best_speed;
		f.mtu = peer->mtu;
		if (peer->linked)
			f.state = peer->state;
	}
	fill_port_info(data, &f);
	return 0;
}

/* The port through which a switch reaches a LID. */
static u8 port_towards(struct fake_switch *sw, u32 lid)
{
	struct fake_hca **h;
	struct fake_port *p;

	if (lid == sw->lid)
		return 0;
	if (switch_with_lid(lid))
		return isl_up() ? swports : UNREACHABLE;
	for_each_port (h, p) {
		if (p->lid != lid || !p->linked)
			continue;
		if (p->cable->sw == sw->idx)
			return p->cable->port;
		return isl_up() ? swports : UNREACHABLE;
	}
	return UNREACHABLE;
}

static void forwarding_block(struct fake_switch *sw, u32 block, u8 *data)
{
	int i;

	for (i = 0; i < 64; i++)
		data[i] = port_towards(sw, block * 64 + i);
}

static void answer(struct fake_switch *sw, u8 in, struct ib_smp *smp)
{
	u32 modifier = be32_to_cpu(smp->attr_mod);
	u16 status = 0;

	switch (smp->method == IB_MGMT_METHOD_GET ? smp->attr_id : 0) {
	case IB_SMP_ATTR_NODE_DESC:
		node_description(sw, smp->data);
		break;
	case IB_SMP_ATTR_NODE_INFO:
		node_info(sw, in, smp->data);
		break;
	case IB_SMP_ATTR_SWITCH_INFO:
		switch_info(smp->data);
		break;
	case IB_SMP_ATTR_PORT_INFO:
		status = port_info(sw, in, modifier & 0xff, smp->data);
		break;
	case IB_SMP_ATTR_LINEAR_FORWARD_TABLE:
		forwarding_block(sw, modifier & 0x3ff, smp->data);
		break;
	default:
		status = MAD_BAD_METHOD_ATTR;
	}
	smp->method = IB_MGMT_METHOD_GET_RESP;
	smp->status = cpu_to_be16(status);
}

/* A directed route that ends at a switch: the way back is the way here. */
static void answer_directed(struct fake_port *from, struct fake_switch *sw, u8 in, struct packet *k)
{
	struct ib_smp *smp = (void *)k->data;
	struct fake_qp *q = find_qp(from, 0);

	if (sw->mute || !q || (smp->method & IB_MGMT_METHOD_RESP))
		return;
	answer(sw, in, smp);
	smp->status |= IB_SMP_DIRECTION;
	smp->hop_ptr = 1;
	k->slid = PERMISSIVE_LID;
	k->src_qpn = 0;
	deliver(from, q, k);
}

/* Takes one step out of a switch: into the other one (at port *in), or to an HCA, or nowhere. */
static struct fake_port *leave(struct fake_switch **sw, u8 out, u8 *in)
{
	struct fake_switch *here = *sw;

	*sw = NULL;
	if (!out || out > swports || !switch_link_up(here, out))
		return NULL;
	if (!here->port[out].peer)
		return switch_peer(here, out);
	*sw = here->port[out].peer;
	*in = out;
	return NULL;
}

/* IBA 14.2.2: each switch on the way notes where the SMP came in and moves the hop pointer. */
static struct fake_port *walk(struct fake_port *from, struct packet *k)
{
	struct ib_smp *smp = (void *)k->data;
	bool returning = smp->status & IB_SMP_DIRECTION;
	struct fake_switch *sw = &fabric_switches[from->cable->sw];
	struct fake_port *end = NULL;
	u8 in = from->cable->port;

	while (sw) {
		if (returning) {
			if (smp->hop_ptr < 2 || smp->hop_ptr > smp->hop_cnt)
				return NULL;
			end = leave(&sw, smp->return_path[--smp->hop_ptr], &in);
			continue;
		}
		if (!smp->hop_ptr || smp->hop_ptr > smp->hop_cnt)
			return NULL;
		smp->return_path[smp->hop_ptr] = in;
		if (smp->hop_ptr == smp->hop_cnt) {
			answer_directed(from, sw, in, k);
			return NULL;
		}
		end = leave(&sw, smp->initial_path[++smp->hop_ptr], &in);
	}
	return end && smp->hop_ptr == (returning ? 1 : smp->hop_cnt) ? end : NULL;
}

void route_directed(struct fake_port *from, struct packet *k)
{
	struct ib_smp *smp = (void *)k->data;
	struct fake_port *to;
	struct fake_qp *q;

	if (!from->linked || k->len < MAD_SIZE || smp->hop_cnt >= IB_SMP_MAX_PATH_HOPS)
		return;
	to = switches ? walk(from, k) : sm ? NULL : opposite(from);
	q = to && to->linked ? find_qp(to, 0) : NULL;
	if (!q)
		return;
	k->slid = PERMISSIVE_LID;
	deliver(to, q, k);
}

/* A request by LID to a switch's SMA or PMA. */
void ask_switch(struct fake_port *from, struct fake_switch *sw, struct packet *k)
{
	struct ib_mad *mad = (void *)k->data;
	u8 in = from->cable->sw == sw->idx ? from->cable->port : swports;
	u8 port = ((struct ib_pma_portcounters *)((struct ib_pma_mad *)mad)->data)->port_select;

	if (!from->linked || !sw->powered || sw->mute || k->len < MAD_SIZE ||
	    (from->cable->sw != sw->idx && !isl_up()) ||
	    (mad->mad_hdr.method & IB_MGMT_METHOD_RESP))
		return;
	if (k->src_qpn == 0 && mad->mad_hdr.mgmt_class == IB_MGMT_CLASS_SUBN_LID_ROUTED) {
		answer(sw, in, (struct ib_smp *)mad);
	} else if (k->src_qpn == 1 && mad->mad_hdr.mgmt_class == IB_MGMT_CLASS_PERF_MGMT) {
		if (port > swports) {
			mad->mad_hdr.method = IB_MGMT_METHOD_GET_RESP;
			mad->mad_hdr.status = cpu_to_be16(MAD_BAD_FIELD);
		} else {
			answer_pma(mad, sw->port[port].counters, 0);
		}
	} else {
		return;
	}
	reply(from, k, sw->lid);
}
