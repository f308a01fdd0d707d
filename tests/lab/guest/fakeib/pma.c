// SPDX-License-Identifier: GPL-2.0
/* Performance management: the counters of a port, of an HCA or a switch. */
#include "fakeib.h"

/* The bits of CounterSelect, in PortCounters and in PortCountersExtended. */
static const u8 selected[16] = {C_SYMBOL,	  C_RECOVERY,  C_DOWNED,	C_RCV_ERRORS,
				C_RCV_REMOTE,	  C_RCV_RELAY, C_XMIT_DISCARDS, C_XMIT_CONSTRAINT,
				C_RCV_CONSTRAINT, C_INTEGRITY, C_OVERRUN,	C_VL15_DROPPED,
				C_XMIT_DATA,	  C_RCV_DATA,  C_XMIT_PKTS,	C_RCV_PKTS};
static const u8 selected_extended[8] = {C_XMIT_DATA, C_RCV_DATA, C_XMIT_PKTS, C_RCV_PKTS,
					C_UC_XMIT,   C_UC_RCV,	 C_MC_XMIT,   C_MC_RCV};

static void clear(u64 *c, u16 select, const u8 *which, int n)
{
	int i;

	for (i = 0; i < n; i++)
		if (select & (1 << i))
			c[which[i]] = 0;
}

static void class_port_info(u8 *data, u16 capabilities)
{
	struct ib_class_port_info *info = (void *)data;

	memset(data, 0, 192);
	info->base_version = 1;
	info->class_version = 1;
	info->capability_mask =
		capabilities | IB_PMA_CLASS_CAP_EXT_WIDTH | IB_PMA_CLASS_CAP_XMIT_WAIT;
}

#define SATURATED8(v) ((u8)min_t(u64, v, 0xff))
#define SATURATED16(v) cpu_to_be16(min_t(u64, v, 0xffff))
#define SATURATED32(v) cpu_to_be32(min_t(u64, v, 0xffffffff))

static void port_counters(u8 *data, u64 *c, bool set)
{
	struct ib_pma_portcounters *to = (void *)data;

	if (set)
		clear(c, be16_to_cpu(to->counter_select), selected, ARRAY_SIZE(selected));
	to->symbol_error_counter = SATURATED16(c[C_SYMBOL]);
	to->link_error_recovery_counter = SATURATED8(c[C_RECOVERY]);
	to->link_downed_counter = SATURATED8(c[C_DOWNED]);
	to->port_rcv_errors = SATURATED16(c[C_RCV_ERRORS]);
	to->port_rcv_remphys_errors = SATURATED16(c[C_RCV_REMOTE]);
	to->port_rcv_switch_relay_errors = SATURATED16(c[C_RCV_RELAY]);
	to->port_xmit_discards = SATURATED16(c[C_XMIT_DISCARDS]);
	to->port_xmit_constraint_errors = SATURATED8(c[C_XMIT_CONSTRAINT]);
	to->port_rcv_constraint_errors = SATURATED8(c[C_RCV_CONSTRAINT]);
	to->link_overrun_errors =
		(min_t(u64, c[C_INTEGRITY], 15) << 4) | min_t(u64, c[C_OVERRUN], 15);
	to->vl15_dropped = SATURATED16(c[C_VL15_DROPPED]);
	to->port_xmit_data = SATURATED32(c[C_XMIT_DATA]);
	to->port_rcv_data = SATURATED32(c[C_RCV_DATA]);
	to->port_xmit_packets = SATURATED32(c[C_XMIT_PKTS]);
	to->port_rcv_packets = SATURATED32(c[C_RCV_PKTS]);
	to->port_xmit_wait = SATURATED32(c[C_XMIT_WAIT]);
}

static void port_counters_extended(u8 *data, u64 *c, bool set)
{
	struct ib_pma_portcounters_ext *to = (void *)data;

	if (set)
		clear(c, be16_to_cpu(to->counter_select), selected_extended,
		      ARRAY_SIZE(selected_extended));
	to->port_xmit_data = cpu_to_be64(c[C_XMIT_DATA]);
	to->port_rcv_data = cpu_to_be64(c[C_RCV_DATA]);
	to->port_xmit_packets = cpu_to_be64(c[C_XMIT_PKTS]);
	to->port_rcv_packets = cpu_to_be64(c[C_RCV_PKTS]);
	to->port_unicast_xmit_packets = cpu_to_be64(c[C_UC_XMIT]);
	to->port_unicast_rcv_packets = cpu_to_be64(c[C_UC_RCV]);
	to->port_multicast_xmit_packets = cpu_to_be64(c[C_MC_XMIT]);
	to->port_multicast_rcv_packets = cpu_to_be64(c[C_MC_RCV]);
}

/* Turns a request into its answer. */
void answer_pma(struct ib_mad *mad, u64 *counters, u16 capabilities)
{
	struct ib_pma_mad *pma = (void *)mad;
	bool set = mad->mad_hdr.method == IB_MGMT_METHOD_SET;

	mad->mad_hdr.method = IB_MGMT_METHOD_GET_RESP;
	mad->mad_hdr.status = 0;
	switch (mad->mad_hdr.attr_id) {
	case IB_PMA_CLASS_PORT_INFO:
		class_port_info(pma->data, capabilities);
		break;
	case IB_PMA_PORT_COUNTERS:
		port_counters(pma->data, counters, set);
		break;
	case IB_PMA_PORT_COUNTERS_EXT:
		port_counters_extended(pma->data, counters, set);
		break;
	default:
		mad->mad_hdr.status = cpu_to_be16(MAD_BAD_METHOD_ATTR);
	}
}
