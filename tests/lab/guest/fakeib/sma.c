// SPDX-License-Identifier: GPL-2.0
/* Subnet management: the attributes of an HCA port, and what switches share of their encoding. */
#include "fakeib.h"

#define DEVICE_ID 4129
#define SUPPORTED_WIDTHS (IB_WIDTH_1X | IB_WIDTH_4X | IB_WIDTH_2X)
#define SUPPORTED_SPEEDS 7

struct node_info {
	u8 base, class, type, ports;
	__be64 system, node, port;
	__be16 partition_cap, device;
	__be32 revision;
	u8 local_port, vendor[3];
} __packed;

struct extended_speed { /* the last four bytes of PortInfo */
	__be16 cap_mask2;
	u8 active_supported, enabled;
} __packed;

void fill_node_info(u8 *data, const struct node_facts *f)
{
	struct node_info *n = (void *)data;

	memset(data, 0, 64);
	n->base = 1;
	n->class = 1;
	n->type = f->type;
	n->ports = f->ports;
	n->system = n->node = cpu_to_be64(f->node_guid);
	n->port = cpu_to_be64(f->port_guid);
	n->partition_cap = cpu_to_be16(PKEYS);
	n->device = cpu_to_be16(f->device);
	n->local_port = f->local_port;
	n->vendor[1] = 0x02;
	n->vendor[2] = 0xc9;
}

void fill_port_info(u8 *data, const struct port_facts *f)
{
	struct ib_port_info *pi = (void *)data;
	struct extended_speed *ext = (void *)(data + 60);
	u8 supported =
		(f->best_speed >> 4) ? ((f->best_speed >> 4) << 1) - 1 : 0; /* and all slower */

	memset(data, 0, 64);
	pi->gid_prefix = cpu_to_be64(f->prefix);
	pi->lid = cpu_to_be16(f->lid);
	pi->sm_lid = cpu_to_be16(f->sm_lid);
	pi->cap_mask = cpu_to_be32(f->cap);
	pi->local_port_num = f->local_port;
	pi->link_width_enabled = pi->link_width_supported = SUPPORTED_WIDTHS;
	pi->link_width_active = f->width;
	pi->linkspeed_portstate = (SUPPORTED_SPEEDS << 4) | f->state;
	pi->portphysstate_linkdown = (f->phys << 4) | 2;
	pi->mkeyprot_resv_lmc = f->lmc;
	pi->linkspeedactive_enabled = (min_t(u16, f->speed, 4) << 4) | SUPPORTED_SPEEDS;
	pi->neighbormtu_mastersmsl = (f->mtu << 4) | f->sm_sl;
	pi->vlcap_inittype = 1 << 4;
	pi->inittypereply_mtucap = IB_MTU_4096;
	pi->operationalvl_pei_peo_fpi_fpo = 1 << 4;
	pi->pkey_violations = cpu_to_be16(f->bad_pkey);
	pi->qkey_violations = cpu_to_be16(f->bad_qkey);
	pi->guid_cap = 1;
	pi->clientrereg_resv_subnetto = 18 | (f->reregister ? 0x80 : 0);
	pi->resv_resptimevalue = 16;
	pi->localphyerrors_overrunerrors = 0x88;
	ext->active_supported = ((f->speed >> 4) << 4) | supported;
	ext->enabled = supported;
}

static void node_info(const struct fake_port *p, u8 *data)
{
	struct node_facts f = {.node_guid = p->hca->guid,
			       .port_guid = p->guid,
			       .device = DEVICE_ID,
			       .type = RDMA_NODE_IB_CA,
			       .ports = nports,
			       .local_port = p->num};

	fill_node_info(data, &f);
}

static void guid_info(const struct fake_port *p, u32 block, u8 *data)
{
	memset(data, 0, 64);
	if (!block)
		*(__be64 *)data = cpu_to_be64(p->guid);
}

/* What Set(PortInfo) changes of the link's state; true if the port was active and no longer is. */
static bool set_state(struct fake_port *p, u8 state, u8 phys)
{
	bool was_active = p->state == IB_PORT_ACTIVE;

	if (state == IB_PORT_DOWN)
		p->state = p->linked ? IB_PORT_INIT : IB_PORT_DOWN;
	else if (state == IB_PORT_ARMED && p->state == IB_PORT_INIT)
		p->state = IB_PORT_ARMED;
	else if (state == IB_PORT_ACTIVE && p->state >= IB_PORT_INIT)
		p->state = IB_PORT_ACTIVE;
	if (phys == 3) {
		p->state = IB_PORT_DOWN;
		p->phys = 3;
		return true;
	}
	if (phys == 2 && p->linked) {
		p->phys = 5;
		if (p->state == IB_PORT_DOWN)
			p->state = IB_PORT_INIT;
	}
	return was_active && p->state != IB_PORT_ACTIVE;
}

static void set_port_info(struct fake_port *p, const struct ib_port_info *pi)
{
	u8 lmc = pi->mkeyprot_resv_lmc & 7, sm_sl = pi->neighbormtu_mastersmsl & 15,
	   before = p->state;
	u64 prefix = be64_to_cpu(pi->gid_prefix);
	u16 lid = be16_to_cpu(pi->lid), sm_lid = be16_to_cpu(pi->sm_lid);
	bool lid_changed = lid != p->lid || lmc != p->lmc || prefix != p->prefix;
	bool sm_changed = sm_lid != p->sm_lid || sm_sl != p->sm_sl;
	bool failed;

	p->lid = lid;
	p->lmc = lmc;
	p->prefix = prefix;
	p->sm_lid = sm_lid;
	p->sm_sl = sm_sl;
	failed = set_state(p, pi->linkspeed_portstate & 15, pi->portphysstate_linkdown >> 4);
	if (lid_changed)
		raise_event(p, IB_EVENT_LID_CHANGE);
	if (sm_changed)
		raise_event(p, IB_EVENT_SM_CHANGE);
	if (failed)
		raise_event(p, IB_EVENT_PORT_ERR);
	if (before != IB_PORT_ACTIVE && p->state == IB_PORT_ACTIVE)
		raise_event(p, IB_EVENT_PORT_ACTIVE);
	if (pi->clientrereg_resv_subnetto & 0x80)
		raise_event(p, IB_EVENT_CLIENT_REREGISTER);
}

/* num 0 stands for the port that received the MAD. */
static u16 port_info(struct fake_port *received_by, u32 num, bool set, u8 *data)
{
	struct ib_port_info *pi = (void *)data;
	struct fake_port *p = received_by;
	struct port_facts f;

	if (num > nports)
		return MAD_BAD_FIELD;
	if (num)
		p = &received_by->hca->port[num - 1];
	if (set)
		set_port_info(p, pi);
	f = (struct port_facts){.prefix = p->prefix,
				.lid = p->lid,
				.sm_lid = p->sm_lid,
				.speed = p->speed,
				.best_speed = p->best_speed,
				.lmc = p->lmc,
				.sm_sl = p->sm_sl,
				.state = p->state,
				.phys = p->phys,
				.width = p->width,
				.mtu = p->mtu,
				.local_port = received_by->num,
				.cap = p->cap,
				.bad_pkey = p->bad_pkey,
				.bad_qkey = p->bad_qkey,
				.reregister = set && (pi->clientrereg_resv_subnetto & 0x80)};
	fill_port_info(data, &f);
	return 0;
}

static void pkey_table(struct fake_port *p, u32 block, bool set, u8 *data)
{
	__be16 *pkeys = (void *)data;
	int i;

	if (set && !block) {
		for (i = 0; i < PKEYS; i++)
			p->pkey[i] = be16_to_cpu(pkeys[i]);
		raise_event(p, IB_EVENT_PKEY_CHANGE);
	}
	for (i = 0; i < 32; i++)
		pkeys[i] = cpu_to_be16(!block && i < PKEYS ? p->pkey[i] : 0);
}

static void stored_table(u8 *table, size_t size, bool set, u8 *data)
{
	if (set)
		memcpy(table, data, size);
	else
		memcpy(data, table, size);
}

/* Turns a request to an HCA port into its answer. */
void answer_smp(struct fake_port *p, struct ib_smp *smp)
{
	bool set = smp->method == IB_MGMT_METHOD_SET;
	u32 modifier = be32_to_cpu(smp->attr_mod);
	u16 status = 0;

	switch (smp->attr_id) {
	case IB_SMP_ATTR_NODE_DESC:
		memset(smp->data, 0, 64);
		memcpy(smp->data, p->hca->ibdev.node_desc, IB_DEVICE_NODE_DESC_MAX);
		break;
	case IB_SMP_ATTR_NODE_INFO:
		node_info(p, smp->data);
		break;
	case IB_SMP_ATTR_GUID_INFO:
		guid_info(p, modifier, smp->data);
		break;
	case IB_SMP_ATTR_PORT_INFO:
		status = port_info(p, modifier & 0xff, set, smp->data);
		break;
	case IB_SMP_ATTR_PKEY_TABLE:
		pkey_table(p, modifier & 0xffff, set, smp->data);
		break;
	case IB_SMP_ATTR_SL_TO_VL_TABLE:
		stored_table(p->sl2vl, sizeof(p->sl2vl), set, smp->data);
		break;
	case IB_SMP_ATTR_VL_ARB_TABLE:
		stored_table(p->vlarb + 64 * (((modifier >> 16) - 1) & 3), 64, set, smp->data);
		break;
	default:
		status = MAD_BAD_METHOD_ATTR;
	}
	smp->method = IB_MGMT_METHOD_GET_RESP;
	smp->status = cpu_to_be16(status);
	if (smp->mgmt_class == IB_MGMT_CLASS_SUBN_DIRECTED_ROUTE)
		smp->status |= IB_SMP_DIRECTION;
}
