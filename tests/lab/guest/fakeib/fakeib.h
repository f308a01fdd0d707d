/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fakeib - an InfiniBand HCA in software, with a small fabric around it; what its parts share.
 *
 * The ports have the InfiniBand link layer, so that the stock ib_core, ib_mad, ib_umad, ib_uverbs
 * and ib_ipoib attach to them.  Only the kernel's UD, GSI and SMI queue pairs carry data. README.md
 * one folder up describes the module parameters and the controls in debugfs.
 *
 * Locks, outermost first: "hotplug" keeps the table of HCAs as it is, "cabling" makes changes of
 * links one at a time, "fabric" (a spin lock) protects the table of HCAs, the lists of QPs and
 * posted receives, withheld completions, cables and the SA's records; packets are delivered with it
 * held.  Plain numbers of a port (state, LID, counters) are written without a lock by the controls
 * and by the SMA: a reader sees the old or the new value, as with hardware.
 */
#ifndef FAKEIB_H
#define FAKEIB_H

#define pr_fmt(fmt) "fakeib: " fmt
#include <linux/debugfs.h>
#include <linux/platform_device.h>
#include <linux/seq_file.h>
#include <rdma/ib_mad.h>
#include <rdma/ib_pma.h>
#include <rdma/ib_sa.h>
#include <rdma/ib_smi.h>
#include <rdma/ib_verbs.h>

#define MAX_HCAS 64
#define MAX_PORTS 4
#define MAX_SWITCHES 2
#define PKEYS 16
#define GIDS 8
#define FIRST_MLID 0xC000
#define PERMISSIVE_LID 0xFFFF
#define MAD_SIZE 256

#define MAD_BAD_METHOD_ATTR 0x000c /* MAD status: method/attribute combination not supported */
#define MAD_BAD_FIELD 0x001c	   /* MAD status: invalid value in a field */

/* module parameters */
extern unsigned int firmware;
extern int nports;
extern int sm;
extern int mtu;
extern int switches;
extern int swports;

/* port counters, in the order of counter_names[] */
enum {
	C_SYMBOL,
	C_RECOVERY,
	C_DOWNED,
	C_RCV_ERRORS,
	C_RCV_REMOTE,
	C_RCV_RELAY,
	C_XMIT_DISCARDS,
	C_XMIT_CONSTRAINT,
	C_RCV_CONSTRAINT,
	C_INTEGRITY,
	C_OVERRUN,
	C_VL15_DROPPED,
	C_XMIT_WAIT,
	C_XMIT_DATA,
	C_RCV_DATA,
	C_XMIT_PKTS,
	C_RCV_PKTS,
	C_UC_XMIT,
	C_UC_RCV,
	C_MC_XMIT,
	C_MC_RCV,
	C_COUNT
};
extern const char *const counter_names[C_COUNT];

/* hardware counters, in the order of hw_counters[] */
enum {
	HW_OUT_OF_BUFFER,
	HW_COUNT = 6
};
extern const struct rdma_stat_desc hw_counters[HW_COUNT];

struct cable {	     /* where a port's cable ends; it outlives the HCA */
	u8 sw, port; /* port 0: at no switch */
};

struct fake_hca;
struct fake_port {
	struct fake_hca *hca;
	struct cable *cable;
	u32 num;
	u64 prefix, guid;
	u16 lid, sm_lid, speed, best_speed;
	u8 lmc, sm_sl, state, phys, width, mtu;
	u32 cap;
	u16 pkey[PKEYS];
	bool plugged; /* the cable is in the port */
	bool linked;  /* ... and there is a live port at its other end */
	u8 stall;     /* completions of sends are withheld; 2: and nothing is sent */
	u32 drop_pct, far_width, bad_qkey, bad_pkey;
	u64 counters[C_COUNT], hw[HW_COUNT];
	u8 sl2vl[8], vlarb[256];
};

struct fake_hca {
	struct ib_device ibdev;
	struct platform_device *pdev;
	int idx;
	u64 guid;
	struct fake_port port[MAX_PORTS];
	struct list_head qps;
	struct dentry *dir;
};

struct fake_qp {
	struct ib_qp ibqp;
	struct list_head l, receives, groups, held;
	u32 num, qkey;
	u16 pkey_index;
	u8 state, port;
	bool signal_all;
	struct ib_qp_init_attr init;
};

struct posted_receive {
	struct list_head l;
	u64 wr_id;
	int sges;
	struct ib_sge sge[4];
};

struct attached_group { /* a multicast group that a QP is attached to */
	struct list_head l;
	union ib_gid gid;
};

struct completion_entry { /* waits in a CQ, or is withheld from it */
	struct list_head l;
	struct ib_wc wc;
};

struct fake_ah {
	struct ib_ah ibah;
	struct rdma_ah_attr attr;
};

struct packet {
	u32 slid, dlid, src_qpn, dst_qpn, qkey;
	u16 pkey;
	u8 sl;
	bool grh;
	union ib_gid sgid, dgid;
	u8 *data;
	u32 len;
};

struct switch_port {
	struct fake_switch *peer; /* an inter-switch link to the same port of that switch; or */
	struct cable *cable;	  /* what is plugged in: the cable of HCA hca, port hca_port */
	int hca, hca_port;
	u64 counters[C_COUNT];
};

struct fake_switch {
	int idx;
	u64 guid;
	u16 lid;
	bool powered;
	bool mute; /* forwards, but answers no MAD */
	struct switch_port *port;
	struct dentry *dir;
};

/* device.c */
extern struct fake_hca *hcas[MAX_HCAS];
extern spinlock_t fabric;
extern struct mutex hotplug;
extern struct workqueue_struct *work_queue;
static inline struct fake_port *port_of(struct ib_device *d, u32 num)
{
	return &container_of(d, struct fake_hca, ibdev)->port[num - 1];
}
/* the ports of all HCAs; fabric or hotplug held */
#define for_each_port(h, p)                                                                        \
	for (h = hcas; h < hcas + MAX_HCAS; h++)                                                   \
		for (p = *h ? (*h)->port : NULL; p && p < (*h)->port + nports; p++)

/* queue.c: completion queues and queue pairs */
#define to_qp(x) container_of(x, struct fake_qp, ibqp)
#define to_ah(x) container_of(x, struct fake_ah, ibah)
extern const struct ib_device_ops queue_ops;
void add_completion(struct ib_cq *ibcq, const struct ib_wc *wc);
struct fake_qp *find_qp(struct fake_port *p, u32 num);

/* send.c */
extern const struct ib_device_ops send_ops;
void set_stall(struct fake_port *p, u8 how);
void end_withheld(struct fake_qp *q, bool flushed);

/* verbs.c */
extern const struct ib_device_ops verbs_ops;

/* wire.c; all with fabric held */
bool pkeys_match(u16 a, u16 b);
bool reaches(const struct fake_port *a, const struct fake_port *b);
struct fake_port *opposite(struct fake_port *p);
void transmit(struct fake_port *from, struct fake_qp *q, struct packet *k);
void deliver(struct fake_port *to, struct fake_qp *q, struct packet *k);
void reply(struct fake_port *to, struct packet *k, u16 from_lid);

/* link.c */
extern struct mutex cabling;
void raise_event(struct fake_port *p, enum ib_event_type type);
void init_link(struct fake_port *p);
void update_link(struct fake_port *p); /* cabling held */
void plug(struct fake_port *p, bool in);
int move_cable(struct fake_port *p, int sw, int port);
u32 link_mbps(const struct fake_port *p);

/* switch.c */
extern struct fake_switch fabric_switches[MAX_SWITCHES];
extern bool isl_plugged;
void plug_isl(bool in);
int make_switches(void);
void free_switches(void);
struct cable *assign_cable(int hca, int port);
int set_cable(struct cable *c, int hca, int port, int sw, int num);
bool isl_up(void);
struct fake_port *switch_peer(struct fake_switch *sw, u8 num);
bool switch_link_up(struct fake_switch *sw, u8 num);
bool switch_alive(const struct cable *c);
u64 *switch_counters(const struct fake_port *p);
void power_switch(struct fake_switch *sw, bool on);
void count_entry(const struct fake_port *from, u32 words, bool multicast);
void count_exit(const struct fake_port *from, const struct fake_port *to, u32 words,
		bool multicast);

/* switch_agent.c: the MADs of the switches; all with fabric held */
void route_directed(struct fake_port *from, struct packet *k);
struct fake_switch *switch_with_lid(u32 lid);
void ask_switch(struct fake_port *from, struct fake_switch *sw, struct packet *k);

/* sma.c and pma.c */
struct port_facts {
	u64 prefix;
	u16 lid, sm_lid, speed, best_speed;
	u8 lmc, sm_sl, state, phys, width, mtu, local_port;
	u32 cap, bad_pkey, bad_qkey;
	bool reregister;
};
struct node_facts {
	u64 node_guid, port_guid;
	u16 device;
	u8 type, ports, local_port;
};
void fill_node_info(u8 *data, const struct node_facts *f);
void fill_port_info(u8 *data, const struct port_facts *f);
void answer_smp(struct fake_port *p, struct ib_smp *smp);
void answer_pma(struct ib_mad *mad, u64 *counters, u16 capabilities);

/* sa.c and its parts, sm.c; the built-in subnet manager of sm=1 */
extern u32 sa_lid;
void ask_sa(struct fake_port *from, struct packet *k);
void ask_sm(struct fake_port *from, struct packet *k);
void create_sa_controls(struct dentry *root);
void create_sm_controls(struct dentry *root);
void create_group_controls(struct dentry *root);
void stop_sa(void);
u16 path_record(struct fake_port *from, u8 *record);
u16 group_record(struct fake_port *from, u8 method, const struct ib_sa_hdr *hdr, u8 *record);
void sa_forget(struct fake_port *p, bool records_only);
int find_group(const void *mgid);
bool group_forwards(int group, const struct fake_port *p);
void free_groups_of_sa(void);

/* control.c and switch_control.c */
void create_port_controls(struct fake_port *p);
void create_switch_controls(struct dentry *root);
ssize_t read_words(char *to, size_t size, const char __user *from, size_t count);

/* umad_count.c */
void start_umad_count(struct dentry *root);
void stop_umad_count(void);

#endif
