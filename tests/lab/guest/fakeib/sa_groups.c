// SPDX-License-Identifier: GPL-2.0
/*
 * The SA's multicast groups and their members.
 *
 * As in OpenSM: a port that is too slow for a group, or has another P_Key, cannot join; an
 * untrusted reader (SM_Key not 1) does not see PortGID and JoinState.
 */
#include "fakeib.h"
#include <linux/module.h>

#define MAX_GROUPS 1024
#define NO_RESOURCES 0x0100
#define REQUEST_INVALID 0x0200
#define NO_RECORDS 0x0300
#define EXACTLY (2 << 6)
#define LIFETIME 18
#define RECEIVES 0x3 /* FullMember, NonMember; a send-only member receives nothing */
#define SM_KEY cpu_to_be64(1)

struct member_record {
	union ib_gid mgid, port_gid;
	__be32 qkey;
	__be16 mlid;
	u8 mtu, traffic_class;
	__be16 pkey;
	u8 rate, lifetime;
	__be32 sl_flow_hop;
	u8 scope_join, proxy;
} __packed;

struct group {
	union ib_gid mgid;
	u32 qkey;
	u16 pkey;
	u8 mtu, rate, sl;
};

struct member {
	struct list_head l;
	int group;
	union ib_gid port_gid;
	u8 join;
	bool listed; /* in the SA's answers */
};

static struct group groups[MAX_GROUPS];
static int group_count;
static LIST_HEAD(members);

int find_group(const void *mgid)
{
	int i;

	for (i = 0; i < group_count; i++)
		if (!memcmp(&groups[i].mgid, mgid, sizeof(groups[i].mgid)))
			return i;
	return -1;
}

static struct member *find_member(int group, const union ib_gid *port_gid)
{
	struct member *m;

	list_for_each_entry (m, &members, l)
		if (m->group == group && !memcmp(&m->port_gid, port_gid, sizeof(*port_gid)))
			return m;
	return NULL;
}

/* Do the switches forward this group to this port?  Only to joined ports. */
bool group_forwards(int group, const struct fake_port *p)
{
	__be64 guid = cpu_to_be64(p->guid);
	struct member *m;

	list_for_each_entry (m, &members, l)
		if (m->group == group && m->port_gid.global.interface_id == guid &&
		    (m->join & RECEIVES))
			return true;
	return false;
}

/* Drops a port's memberships: all of it, or records_only: multicast still arrives. */
void sa_forget(struct fake_port *p, bool records_only)
{
	__be64 guid = cpu_to_be64(p->guid);
	struct member *m, *n;
	unsigned long flags;

	spin_lock_irqsave(&fabric, flags);
	list_for_each_entry_safe (m, n, &members, l) {
		if (m->port_gid.global.interface_id != guid)
			continue;
		m->listed = false;
		if (!records_only) {
			list_del(&m->l);
			kfree(m);
		}
	}
	spin_unlock_irqrestore(&fabric, flags);
}

/* OpenSM's defaults; -1: too many groups. */
static int create_group(const void *mgid, u16 pkey)
{
	struct group *g = &groups[group_count];

	if (group_count == MAX_GROUPS)
		return -1;
	memcpy(&g->mgid, mgid, sizeof(g->mgid));
	g->qkey = 0x0b1b;
	g->pkey = pkey;
	g->mtu = mtu;
	g->rate = IB_RATE_10_GBPS;
	g->sl = 0;
	return group_count++;
}

/* A group that its first member creates, with what the request says of it. */
static int create_as_asked(const struct member_record *r, ib_sa_comp_mask mask)
{
	int i = create_group(&r->mgid, r->pkey ? be16_to_cpu(r->pkey) : 0xffff);

	if (i < 0)
		return i;
	if ((mask & IB_SA_MCMEMBER_REC_QKEY) && r->qkey)
		groups[i].qkey = be32_to_cpu(r->qkey);
	if ((mask & IB_SA_MCMEMBER_REC_MTU) && (r->mtu & 0x3f))
		groups[i].mtu = r->mtu & 0x3f;
	if ((mask & IB_SA_MCMEMBER_REC_RATE) && (r->rate & 0x3f))
		groups[i].rate = r->rate & 0x3f;
	if (mask & IB_SA_MCMEMBER_REC_SL)
		groups[i].sl = be32_to_cpu(r->sl_flow_hop) >> 28;
	return i;
}

static bool may_join(const struct fake_port *p, const struct group *g)
{
	int i;

	if (link_mbps(p) < ib_rate_to_mbps(g->rate) || p->mtu < g->mtu)
		return false;
	for (i = 0; i < PKEYS; i++)
		if (pkeys_match(p->pkey[i], g->pkey))
			return true;
	return false;
}

static u16 join(struct fake_port *from, int *group, const struct ib_sa_hdr *hdr,
		const struct member_record *r, u8 *joined)
{
	struct member *m;

	if (*group < 0)
		*group = create_as_asked(r, hdr->comp_mask);
	if (*group < 0)
		return NO_RESOURCES;
	if (!may_join(from, &groups[*group]))
		return REQUEST_INVALID;
	m = find_member(*group, &r->port_gid);
	if (!m) {
		m = kzalloc(sizeof(*m), GFP_ATOMIC);
		if (!m)
			return NO_RESOURCES;
		m->group = *group;
		m->port_gid = r->port_gid;
		list_add_tail(&m->l, &members);
	}
	m->join = (m->listed ? m->join : 0) | (r->scope_join & 0xf);
	m->listed = true;
	*joined = m->join;
	return 0;
}

static u16 leave(int group, const struct member_record *r, u8 *joined)
{
	struct member *m = group < 0 ? NULL : find_member(group, &r->port_gid);

	if (!m)
		return REQUEST_INVALID;
	m->join &= ~r->scope_join;
	*joined = m->join;
	if (!(m->join & 0xf)) {
		list_del(&m->l);
		kfree(m);
	}
	return 0;
}

/* One member's record, or the group's if it has any member. */
static u16 look_up(int group, const struct ib_sa_hdr *hdr, struct member_record *r, u8 *joined)
{
	struct member *m;

	if (group < 0 || !(hdr->comp_mask & IB_SA_MCMEMBER_REC_MGID))
		return NO_RECORDS;
	if (hdr->comp_mask & IB_SA_MCMEMBER_REC_PORT_GID) {
		m = find_member(group, &r->port_gid);
		*joined = m && m->listed ? m->join : 0;
	} else {
		list_for_each_entry (m, &members, l)
			if (m->group == group && m->listed)
				*joined |= m->join;
	}
	if (!*joined)
		return NO_RECORDS;
	if (hdr->sm_key != SM_KEY) {
		memset(&r->port_gid, 0, sizeof(r->port_gid));
		r->proxy = 0;
		*joined = 0;
	}
	return 0;
}

u16 group_record(struct fake_port *from, u8 method, const struct ib_sa_hdr *hdr, u8 *record)
{
	struct member_record *r = (void *)record;
	int group = find_group(&r->mgid);
	u16 status = MAD_BAD_METHOD_ATTR;
	u8 joined = 0;
	struct group *g;

	if (method == IB_MGMT_METHOD_SET)
		status = join(from, &group, hdr, r, &joined);
	else if (method == IB_SA_METHOD_DELETE)
		status = leave(group, r, &joined);
	else if (method == IB_MGMT_METHOD_GET)
		status = look_up(group, hdr, r, &joined);
	if (status)
		return status;
	g = &groups[group];
	r->qkey = cpu_to_be32(g->qkey);
	r->mlid = cpu_to_be16(FIRST_MLID + group);
	r->mtu = EXACTLY | g->mtu;
	r->traffic_class = 0;
	r->pkey = cpu_to_be16(g->pkey);
	r->rate = EXACTLY | g->rate;
	r->lifetime = EXACTLY | LIFETIME;
	r->sl_flow_hop = cpu_to_be32((u32)g->sl << 28);
	r->scope_join = (2 << 4) | (joined & 0xf);
	return 0;
}

void free_groups_of_sa(void)
{
	struct member *m, *n;

	list_for_each_entry_safe (m, n, &members, l)
		kfree(m);
}

/* ---- controls ---- */

static int sa_members_show(struct seq_file *to, void *v)
{
	struct member *m;
	unsigned long flags;

	spin_lock_irqsave(&fabric, flags);
	list_for_each_entry (m, &members, l)
		seq_printf(to, "mgid %pI6 port %pI6 mlid 0x%x join 0x%x%s\n",
			   groups[m->group].mgid.raw, m->port_gid.raw, FIRST_MLID + m->group,
			   m->join, m->listed ? "" : " forgotten");
	spin_unlock_irqrestore(&fabric, flags);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(sa_members);

static int sa_groups_show(struct seq_file *to, void *v)
{
	unsigned long flags;
	int i;

	spin_lock_irqsave(&fabric, flags);
	for (i = 0; i < group_count; i++)
		seq_printf(to, "mgid %pI6 mlid 0x%x pkey 0x%x qkey 0x%x mtu %d rate %d sl %d\n",
			   groups[i].mgid.raw, FIRST_MLID + i, groups[i].pkey, groups[i].qkey,
			   groups[i].mtu, groups[i].rate, groups[i].sl);
	spin_unlock_irqrestore(&fabric, flags);
	return 0;
}

static int sa_groups_open(struct inode *inode, struct file *f)
{
	return single_open(f, sa_groups_show, NULL);
}

/* The IPv4 broadcast group of a P_Key, made if there is none. */
static struct group *broadcast_group(u16 pkey)
{
	union ib_gid mgid = {.raw = {0xff, 0x12, 0x40, 0x1b, [12] = 0xff, 0xff, 0xff, 0xff}};
	int i;

	pkey |= 0x8000;
	mgid.raw[4] = pkey >> 8;
	mgid.raw[5] = pkey & 0xff;
	i = find_group(&mgid);
	if (i < 0)
		i = create_group(&mgid, pkey);
	return i < 0 ? NULL : &groups[i];
}

static int set_parameter(struct group *g, const char *field, u32 value)
{
	if (!strcmp(field, "mtu"))
		g->mtu = value;
	else if (!strcmp(field, "rate"))
		g->rate = value;
	else if (!strcmp(field, "sl"))
		g->sl = value;
	else if (!strcmp(field, "qkey"))
		g->qkey = value;
	else if (!strcmp(field, "pkey"))
		g->pkey = value;
	else
		return -EINVAL;
	return 0;
}

/* "PKEY FIELD VALUE" */
static ssize_t sa_groups_write(struct file *f, const char __user *b, size_t n, loff_t *o)
{
	ssize_t len, err = -EINVAL;
	char text[64], field[8];
	unsigned long flags;
	struct group *g;
	int pkey, value;

	len = read_words(text, sizeof(text), b, n);
	if (len < 0)
		return len;
	if (sscanf(text, "%i %7s %i", &pkey, field, &value) != 3)
		return -EINVAL;
	spin_lock_irqsave(&fabric, flags);
	g = broadcast_group(pkey);
	if (g)
		err = set_parameter(g, field, value);
	spin_unlock_irqrestore(&fabric, flags);
	return err ?: len;
}

static const struct file_operations sa_groups_fops = {.owner = THIS_MODULE,
						      .open = sa_groups_open,
						      .read = seq_read,
						      .write = sa_groups_write,
						      .llseek = seq_lseek,
						      .release = single_release};

void create_group_controls(struct dentry *root)
{
	debugfs_create_file("sa_members", 0400, root, NULL, &sa_members_fops);
	debugfs_create_file("sa_groups", 0600, root, NULL, &sa_groups_fops);
}
