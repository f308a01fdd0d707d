// SPDX-License-Identifier: GPL-2.0
/* The SA's PathRecords. */
#include "fakeib.h"

#define NO_RECORDS 0x0300
#define EXACTLY (2 << 6)
#define LIFETIME 18

struct path_record {
	__be64 service_id;
	union ib_gid dgid, sgid;
	__be16 dlid, slid;
	__be32 flow_label_hop_limit;
	u8 traffic_class, reversible_paths;
	__be16 pkey, qos_sl;
	u8 mtu, rate, lifetime, preference;
} __packed;

/* The fastest rate that is not faster than the link. */
static u8 rate_of(const struct fake_port *p)
{
	u32 mbps = link_mbps(p);
	u8 best = IB_RATE_2_5_GBPS;
	int r;

	for (r = IB_RATE_2_5_GBPS; r <= IB_RATE_600_GBPS; r++)
		if (ib_rate_to_mbps(r) <= mbps && ib_rate_to_mbps(r) > ib_rate_to_mbps(best))
			best = r;
	return best;
}

u16 path_record(struct fake_port *from, u8 *record)
{
	struct path_record *r = (void *)record;
	struct fake_port *src = from, *dst = NULL, *p;
	struct fake_hca **h;

	for_each_port (h, p) {
		__be64 guid = cpu_to_be64(p->guid);

		if (!p->linked)
			continue;
		if (r->dgid.global.interface_id ? guid == r->dgid.global.interface_id
						: p->lid == be16_to_cpu(r->dlid))
			dst = p;
		if (guid == r->sgid.global.interface_id)
			src = p;
	}
	if (!dst || !reaches(src, dst))
		return NO_RECORDS;
	r->dgid.global.subnet_prefix = cpu_to_be64(dst->prefix);
	r->dgid.global.interface_id = cpu_to_be64(dst->guid);
	r->sgid.global.subnet_prefix = cpu_to_be64(src->prefix);
	r->sgid.global.interface_id = cpu_to_be64(src->guid);
	r->dlid = cpu_to_be16(dst->lid);
	r->slid = cpu_to_be16(src->lid);
	r->reversible_paths = 0x80 | 1;
	if (!r->pkey)
		r->pkey = cpu_to_be16(0xffff);
	r->qos_sl &= cpu_to_be16(0xfff0); /* SL 0 */
	r->mtu = EXACTLY | min(src->mtu, dst->mtu);
	r->rate = EXACTLY | (link_mbps(src) < link_mbps(dst) ? rate_of(src) : rate_of(dst));
	r->lifetime = EXACTLY | LIFETIME;
	r->preference = 0;
	return 0;
}
