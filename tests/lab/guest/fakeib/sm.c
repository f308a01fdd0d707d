// SPDX-License-Identifier: GPL-2.0
/* The built-in subnet manager: SMInfo at the SA's LID. */
#include "fakeib.h"

#define SM_MASTER 3

struct sm_info {
	__be64 guid, sm_key;
	__be32 act_count;
	u8 priority_state;
} __packed;

static u32 state = SM_MASTER, priority = 14, act_count;
static bool silent, frozen;
static ktime_t last_act;

/* One act a second, unless it is frozen. */
static u32 acts(void)
{
	s64 seconds = ktime_ms_delta(ktime_get(), last_act) / MSEC_PER_SEC;

	if (seconds > 0) {
		last_act = ktime_add_ms(last_act, seconds * MSEC_PER_SEC);
		if (!frozen)
			act_count += seconds;
	}
	return act_count;
}

void ask_sm(struct fake_port *from, struct packet *k)
{
	struct ib_smp *smp = (void *)k->data;
	struct sm_info *info = (void *)smp->data;

	if (silent || !from->linked || k->len < MAD_SIZE || smp->method != IB_MGMT_METHOD_GET ||
	    smp->mgmt_class != IB_MGMT_CLASS_SUBN_LID_ROUTED)
		return;
	smp->method = IB_MGMT_METHOD_GET_RESP;
	smp->status = 0;
	if (smp->attr_id == IB_SMP_ATTR_SM_INFO) {
		memset(smp->data, 0, 64);
		info->guid = cpu_to_be64(0x0002c90300e00001ULL);
		info->act_count = cpu_to_be32(acts());
		info->priority_state = (priority << 4) | (state & 15);
	} else {
		smp->status = cpu_to_be16(MAD_BAD_METHOD_ATTR);
	}
	reply(from, k, sa_lid);
}

void create_sm_controls(struct dentry *root)
{
	last_act = ktime_get();
	debugfs_create_u32("sm_state", 0600, root, &state);
	debugfs_create_u32("sm_priority", 0600, root, &priority);
	debugfs_create_u32("sm_act_count", 0600, root, &act_count);
	debugfs_create_bool("sm_frozen", 0600, root, &frozen);
	debugfs_create_bool("sm_silent", 0600, root, &silent);
}
