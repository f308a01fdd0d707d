// SPDX-License-Identifier: GPL-2.0
/* The module: its parameters, and HCAs that come and go. */
#include "fakeib.h"
#include <linux/module.h>

unsigned int firmware = 1002;
module_param(firmware, uint, 0644);
MODULE_PARM_DESC(firmware, "last part of the firmware's version (default 1002); read at every question");
static int ndev = 2;
module_param(ndev, int, 0444);
MODULE_PARM_DESC(ndev, "number of HCAs (0..64, default 2)");
int nports = 1;
module_param(nports, int, 0444);
MODULE_PARM_DESC(nports, "ports per HCA (1..4, default 1)");
int sm = 1;
module_param(sm, int, 0444);
MODULE_PARM_DESC(sm,
		 "built-in SM/SA (1, default), or cables back to back for an SM in user space (0)");
static char *device_name = "fakeib";
module_param_named(name, device_name, charp, 0444);
MODULE_PARM_DESC(name, "prefix of the device names, e.g. mlx5_ (default fakeib)");
int mtu = IB_MTU_2048;
module_param(mtu, int, 0444);
MODULE_PARM_DESC(mtu, "IB code of the MTU (4: 2048, default; 5: 4096)");
int switches = 2;
module_param(switches, int, 0444);
MODULE_PARM_DESC(switches, "switches between the HCAs with sm=1 (0..2, default 2)");
int swports = 40;
module_param(swports, int, 0444);
MODULE_PARM_DESC(swports, "ports per switch (2..254, default 40)");

const char *const counter_names[C_COUNT] = {
	"symbol_error",
	"link_error_recovery",
	"link_downed",
	"port_rcv_errors",
	"port_rcv_remote_physical_errors",
	"port_rcv_switch_relay_errors",
	"port_xmit_discards",
	"port_xmit_constraint_errors",
	"port_rcv_constraint_errors",
	"local_link_integrity_errors",
	"excessive_buffer_overrun_errors",
	"VL15_dropped",
	"port_xmit_wait",
	"port_xmit_data",
	"port_rcv_data",
	"port_xmit_packets",
	"port_rcv_packets",
	"unicast_xmit_packets",
	"unicast_rcv_packets",
	"multicast_xmit_packets",
	"multicast_rcv_packets",
};

struct fake_hca *hcas[MAX_HCAS];
DEFINE_SPINLOCK(fabric);
DEFINE_MUTEX(hotplug);
struct workqueue_struct *work_queue;
static struct dentry *root, *hotplug_file;

static void init_port(struct fake_hca *h, int i, struct cable *cable)
{
	struct fake_port *p = &h->port[i];

	p->hca = h;
	p->cable = cable;
	p->num = i + 1;
	p->prefix = 0xfe80000000000000ULL;
	p->guid = h->guid + 1 + i;
	p->pkey[0] = 0xffff;
	p->width = IB_WIDTH_4X;
	p->speed = p->best_speed = IB_SPEED_EDR;
	p->mtu = mtu;
	p->cap = IB_PORT_AUTO_MIGR_SUP | IB_PORT_SL_MAP_SUP | IB_PORT_SYS_IMAGE_GUID_SUP |
		 IB_PORT_CLIENT_REG_SUP | IB_PORT_CM_SUP | IB_PORT_EXTENDED_SPEEDS_SUP;
	init_link(p);
}

static struct fake_hca *make_hca(int idx)
{
	struct fake_hca *h = ib_alloc_device(fake_hca, ibdev);

	if (!h)
		return ERR_PTR(-ENOMEM);
	h->idx = idx;
	h->guid = 0x0002c90300f00000ULL + idx * 16;
	INIT_LIST_HEAD(&h->qps);
	h->pdev = platform_device_register_simple("fakeib", idx, NULL, 0);
	if (IS_ERR(h->pdev)) {
		long err = PTR_ERR(h->pdev);

		ib_dealloc_device(&h->ibdev);
		return ERR_PTR(err);
	}
	h->ibdev.node_type = RDMA_NODE_IB_CA;
	h->ibdev.phys_port_cnt = nports;
	h->ibdev.num_comp_vectors = 1;
	h->ibdev.dev.parent = &h->pdev->dev;
	h->ibdev.node_guid = cpu_to_be64(h->guid);
	h->ibdev.local_dma_lkey = 0x1000;
	snprintf(h->ibdev.node_desc, sizeof(h->ibdev.node_desc), "host%d HCA-1", idx);
	ib_set_device_ops(&h->ibdev, &verbs_ops);
	ib_set_device_ops(&h->ibdev, &queue_ops);
	ib_set_device_ops(&h->ibdev, &send_ops);
	return h;
}

/* Puts an HCA into the table, or takes its place away. */
static void set_hca(int idx, struct fake_hca *h)
{
	unsigned long flags;

	spin_lock_irqsave(&fabric, flags);
	hcas[idx] = h;
	spin_unlock_irqrestore(&fabric, flags);
}

static int add_hca(int idx)
{
	struct cable *cables[MAX_PORTS];
	char name[IB_DEVICE_NAME_MAX];
	struct fake_hca *h;
	int i, err;

	if (idx < 0 || idx >= MAX_HCAS || hcas[idx])
		return -EINVAL;
	for (i = 0; i < nports; i++) {
		cables[i] = assign_cable(idx, i);
		if (!cables[i])
			return -ENOSPC;
	}
	h = make_hca(idx);
	if (IS_ERR(h))
		return PTR_ERR(h);
	for (i = 0; i < nports; i++)
		init_port(h, i, cables[i]);
	snprintf(name, sizeof(name), "%s%d", device_name, idx);
	set_hca(idx, h);
	err = ib_register_device(&h->ibdev, name, NULL);
	if (err) {
		struct platform_device *pdev = h->pdev;

		set_hca(idx, NULL);
		ib_dealloc_device(&h->ibdev);
		platform_device_unregister(pdev);
		return err;
	}
	h->dir = debugfs_create_dir(name, root);
	for (i = 0; i < nports; i++)
		create_port_controls(&h->port[i]);
	return 0;
}

static int remove_hca(int idx)
{
	struct platform_device *pdev;
	struct fake_hca *h;
	int i;

	if (idx < 0 || idx >= MAX_HCAS || !hcas[idx])
		return -ENODEV;
	h = hcas[idx];
	pdev = h->pdev;
	debugfs_remove_recursive(h->dir); /* waits for whoever is in a control */
	set_hca(idx, NULL);
	for (i = 0; i < nports; i++) {
		u64 *counters = h->port[i].linked ? switch_counters(&h->port[i]) : NULL;

		if (counters)
			counters[C_DOWNED]++;
	}
	ib_unregister_device(&h->ibdev);
	for (i = 0; i < nports; i++)
		sa_forget(&h->port[i], false);
	ib_dealloc_device(&h->ibdev);
	platform_device_unregister(pdev);
	return 0;
}

/* "add N", "del N" or "fatal N" */
static ssize_t hotplug_write(struct file *f, const char __user *b, size_t n, loff_t *o)
{
	char text[32], command[8];
	int idx, err = -EINVAL;
	ssize_t len = read_words(text, sizeof(text), b, n);

	if (len < 0)
		return len;
	if (sscanf(text, "%7s %d", command, &idx) != 2)
		return -EINVAL;
	mutex_lock(&hotplug);
	if (!strcmp(command, "add")) {
		err = add_hca(idx);
	} else if (!strcmp(command, "del")) {
		err = remove_hca(idx);
	} else if (!strcmp(command, "fatal") && idx >= 0 && idx < MAX_HCAS && hcas[idx]) {
		raise_event(&hcas[idx]->port[0], IB_EVENT_DEVICE_FATAL);
		err = 0;
	}
	mutex_unlock(&hotplug);
	return err ?: len;
}

static const struct file_operations hotplug_fops = {
	.owner = THIS_MODULE, .open = simple_open, .write = hotplug_write};

static void cleanup(void)
{
	int i;

	stop_umad_count();
	debugfs_remove(hotplug_file); /* before the table is emptied: nobody adds to it any more */
	for (i = 0; i < MAX_HCAS; i++)
		remove_hca(i);
	debugfs_remove_recursive(root);
	stop_sa();
	destroy_workqueue(work_queue);
	free_switches();
}

static int __init fakeib_init(void)
{
	int i, err;

	if (nports < 1 || nports > MAX_PORTS || ndev < 0 || ndev > MAX_HCAS || mtu < IB_MTU_256 ||
	    mtu > IB_MTU_4096 || switches < 0 || switches > MAX_SWITCHES || swports < 2 ||
	    swports > 254)
		return -EINVAL;
	if (!sm)
		switches = 0;
	err = make_switches();
	if (err)
		return err;
	work_queue = alloc_workqueue("fakeib", WQ_HIGHPRI | WQ_MEM_RECLAIM, 0);
	if (!work_queue) {
		free_switches();
		return -ENOMEM;
	}
	root = debugfs_create_dir("fakeib", NULL);
	hotplug_file = debugfs_create_file("hotplug", 0200, root, NULL, &hotplug_fops);
	create_sa_controls(root);
	create_group_controls(root);
	create_sm_controls(root);
	create_switch_controls(root);
	start_umad_count(root);
	for (i = 0; i < ndev; i++) {
		mutex_lock(&hotplug);
		err = add_hca(i);
		mutex_unlock(&hotplug);
		if (err) {
			pr_err("cannot add %s%d: %d\n", device_name, i, err);
			cleanup();
			return err;
		}
	}
	return 0;
}

static void __exit fakeib_exit(void)
{
	cleanup();
}

module_init(fakeib_init);
module_exit(fakeib_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("InfiniBand HCAs in software, for tests");
MODULE_SOFTDEP("post: ib_umad ib_uverbs ib_ipoib");
