// SPDX-License-Identifier: GPL-2.0
/* What verbs say about an HCA and its ports, and the objects that need no work. */
#include "fakeib.h"

#define PART_ID 4129

const struct rdma_stat_desc hw_counters[HW_COUNT] = {
	[HW_OUT_OF_BUFFER] = {.name = "out_of_buffer"},
	{.name = "out_of_sequence"},
	{.name = "packet_seq_err"},
	{.name = "local_ack_timeout_err"},
	{.name = "rnr_nak_retry_err"},
	{.name = "rx_icrc_encapsulated"},
};

static int alloc_pd(struct ib_pd *pd, struct ib_udata *u)
{
	return 0;
}

static int dealloc_pd(struct ib_pd *pd, struct ib_udata *u)
{
	return 0;
}

static int alloc_ucontext(struct ib_ucontext *c, struct ib_udata *u)
{
	return 0;
}

static void dealloc_ucontext(struct ib_ucontext *c)
{
}

static void disassociate_ucontext(struct ib_ucontext *c)
{
}

static int create_ah(struct ib_ah *ah, struct rdma_ah_init_attr *init, struct ib_udata *u)
{
	to_ah(ah)->attr = *init->ah_attr;
	to_ah(ah)->attr.grh.sgid_attr = NULL;
	return 0;
}

static int query_ah(struct ib_ah *ah, struct rdma_ah_attr *attr)
{
	*attr = to_ah(ah)->attr;
	return 0;
}

static int destroy_ah(struct ib_ah *ah, u32 flags)
{
	return 0;
}

static struct ib_mr *get_dma_mr(struct ib_pd *pd, int access)
{
	struct ib_mr *mr = kzalloc(sizeof(*mr), GFP_KERNEL);

	return mr ?: ERR_PTR(-ENOMEM);
}

static struct ib_mr *reg_user_mr(struct ib_pd *pd, u64 start, u64 length, u64 virt, int access,
				 struct ib_udata *u)
{
	return ERR_PTR(-EOPNOTSUPP);
}

static int dereg_mr(struct ib_mr *mr, struct ib_udata *u)
{
	kfree(mr);
	return 0;
}

static int query_device(struct ib_device *d, struct ib_device_attr *a, struct ib_udata *u)
{
	memset(a, 0, sizeof(*a));
	a->fw_ver = (28ULL << 32) | (39 << 16) | firmware;
	a->sys_image_guid = d->node_guid;
	a->max_mr_size = ~0ULL;
	a->page_size_cap = PAGE_SIZE;
	a->vendor_id = 0x02c9;
	a->vendor_part_id = PART_ID;
	a->max_qp = 1 << 16;
	a->max_qp_wr = 16384;
	a->device_cap_flags = IB_DEVICE_PORT_ACTIVE_EVENT | IB_DEVICE_SYS_IMAGE_GUID;
	a->kernel_cap_flags = IBK_LOCAL_DMA_LKEY;
	a->max_send_sge = 16;
	a->max_recv_sge = 4;
	a->max_cq = 1 << 16;
	a->max_cqe = 1 << 20;
	a->max_mr = 1 << 16;
	a->max_pd = 1 << 16;
	a->max_mcast_grp = 1024;
	a->max_mcast_qp_attach = 64;
	a->max_total_mcast_qp_attach = 65536;
	a->max_ah = 65536;
	a->max_pkeys = PKEYS;
	return 0;
}

static int query_port(struct ib_device *d, u32 num, struct ib_port_attr *a)
{
	struct fake_port *p = port_of(d, num);

	a->subnet_prefix = p->prefix;
	a->state = p->state;
	a->phys_state = p->phys;
	a->max_mtu = IB_MTU_4096;
	a->active_mtu = p->mtu;
	a->gid_tbl_len = GIDS;
	a->pkey_tbl_len = PKEYS;
	a->max_msg_sz = 1 << 30;
	a->port_cap_flags = p->cap;
	a->lid = p->lid;
	a->sm_lid = p->sm_lid;
	a->sm_sl = p->sm_sl;
	a->lmc = p->lmc;
	a->active_width = p->width;
	a->active_speed = p->speed;
	a->max_vl_num = 4;
	a->subnet_timeout = 18;
	a->bad_pkey_cntr = p->bad_pkey;
	a->qkey_viol_cntr = p->bad_qkey;
	return 0;
}

static int modify_port(struct ib_device *d, u32 num, int mask, struct ib_port_modify *m)
{
	struct fake_port *p = port_of(d, num);

	if (!(mask & IB_PORT_SHUTDOWN)) {
		p->cap |= m->set_port_cap_mask;
		p->cap &= ~m->clr_port_cap_mask;
	}
	return 0;
}

static int modify_device(struct ib_device *d, int mask, struct ib_device_modify *m)
{
	if (mask & IB_DEVICE_MODIFY_NODE_DESC)
		memcpy(d->node_desc, m->node_desc, IB_DEVICE_NODE_DESC_MAX);
	return 0;
}

static int get_port_immutable(struct ib_device *d, u32 num, struct ib_port_immutable *im)
{
	im->core_cap_flags = RDMA_CORE_PORT_IBA_IB;
	im->pkey_tbl_len = PKEYS;
	im->gid_tbl_len = GIDS;
	im->max_mad_size = IB_MGMT_MAD_SIZE;
	return 0;
}

static enum rdma_link_layer get_link_layer(struct ib_device *d, u32 num)
{
	return IB_LINK_LAYER_INFINIBAND;
}

static int query_gid(struct ib_device *d, u32 num, int i, union ib_gid *gid)
{
	struct fake_port *p = port_of(d, num);

	memset(gid, 0, sizeof(*gid));
	if (i)
		return 0;
	gid->global.subnet_prefix = cpu_to_be64(p->prefix);
	gid->global.interface_id = cpu_to_be64(p->guid);
	return 0;
}

static int query_pkey(struct ib_device *d, u32 num, u16 i, u16 *pkey)
{
	if (i >= PKEYS)
		return -EINVAL;
	*pkey = port_of(d, num)->pkey[i];
	return 0;
}

static void get_dev_fw_str(struct ib_device *d, char *to)
{
	snprintf(to, IB_FW_VERSION_NAME_MAX, "28.39.%u", firmware);
}

static struct rdma_hw_stats *alloc_hw_port_stats(struct ib_device *d, u32 num)
{
	return rdma_alloc_hw_stats_struct(hw_counters, HW_COUNT, 0);
}

static int get_hw_stats(struct ib_device *d, struct rdma_hw_stats *stats, u32 num, int i)
{
	if (!num)
		return -EINVAL;
	memcpy(stats->value, port_of(d, num)->hw, sizeof(port_of(d, num)->hw));
	return HW_COUNT;
}

/* What arrived for the SMA or the PMA of a port; the rest goes to agents above. */
static int process_mad(struct ib_device *d, int flags, u32 num, const struct ib_wc *wc,
		       const struct ib_grh *grh, const struct ib_mad *in, struct ib_mad *out,
		       size_t *size, u16 *pkey_index)
{
	u8 method = in->mad_hdr.method;

	if (method != IB_MGMT_METHOD_GET && method != IB_MGMT_METHOD_SET)
		return IB_MAD_RESULT_SUCCESS;
	switch (in->mad_hdr.mgmt_class) {
	case IB_MGMT_CLASS_PERF_MGMT:
		*out = *in;
		answer_pma(out, port_of(d, num)->counters, IB_PMA_CLASS_CAP_ALLPORTSELECT);
		return IB_MAD_RESULT_SUCCESS | IB_MAD_RESULT_REPLY;
	case IB_MGMT_CLASS_SUBN_LID_ROUTED:
	case IB_MGMT_CLASS_SUBN_DIRECTED_ROUTE:
		if (in->mad_hdr.attr_id == IB_SMP_ATTR_SM_INFO)
			return IB_MAD_RESULT_SUCCESS;
		*out = *in;
		answer_smp(port_of(d, num), (struct ib_smp *)out);
		return IB_MAD_RESULT_SUCCESS | IB_MAD_RESULT_REPLY;
	}
	return IB_MAD_RESULT_SUCCESS;
}

/* ---- attributes in sysfs, which ibstat reads ---- */

static ssize_t hca_type_show(struct device *d, struct device_attribute *a, char *to)
{
	return sysfs_emit(to, "MT%d\n", PART_ID);
}

static ssize_t hw_rev_show(struct device *d, struct device_attribute *a, char *to)
{
	return sysfs_emit(to, "0\n");
}

static ssize_t board_id_show(struct device *d, struct device_attribute *a, char *to)
{
	return sysfs_emit(to, "FAKE_0000000001\n");
}

static DEVICE_ATTR_RO(hca_type);
static DEVICE_ATTR_RO(hw_rev);
static DEVICE_ATTR_RO(board_id);
static struct attribute *attributes[] = {&dev_attr_hca_type.attr, &dev_attr_hw_rev.attr,
					 &dev_attr_board_id.attr, NULL};
static const struct attribute_group attribute_group = {.attrs = attributes};

const struct ib_device_ops verbs_ops = {
	.owner = THIS_MODULE,
	.driver_id = RDMA_DRIVER_RXE, /* so that the rxe provider of libibverbs opens it */
	.uverbs_abi_ver = 2,
	.device_group = &attribute_group,
	.process_mad = process_mad,
	.query_device = query_device,
	.modify_device = modify_device,
	.get_dev_fw_str = get_dev_fw_str,
	.query_port = query_port,
	.modify_port = modify_port,
	.get_port_immutable = get_port_immutable,
	.get_link_layer = get_link_layer,
	.query_gid = query_gid,
	.query_pkey = query_pkey,
	.alloc_ucontext = alloc_ucontext,
	.dealloc_ucontext = dealloc_ucontext,
	.disassociate_ucontext = disassociate_ucontext,
	.alloc_pd = alloc_pd,
	.dealloc_pd = dealloc_pd,
	.create_ah = create_ah,
	.query_ah = query_ah,
	.destroy_ah = destroy_ah,
	.get_dma_mr = get_dma_mr,
	.reg_user_mr = reg_user_mr,
	.dereg_mr = dereg_mr,
	.alloc_hw_port_stats = alloc_hw_port_stats,
	.get_hw_stats = get_hw_stats,
	INIT_RDMA_OBJ_SIZE(ib_ah, fake_ah, ibah),
	.size_ib_pd = sizeof(struct ib_pd),
	.size_ib_ucontext = sizeof(struct ib_ucontext),
};
