// SPDX-License-Identifier: GPL-2.0
/*
 * The switches: what is plugged into which port, and which of them run.
 *
 * Port p of HCA d is cabled to switch (d + p - 1) % 2, at the lowest free port, and keeps that port
 * when the HCA is unplugged and comes back.  The last ports of the two switches are joined.
 */
#include "fakeib.h"

struct fake_switch fabric_switches[MAX_SWITCHES];
bool isl_plugged = true;
static struct cable cables[MAX_HCAS][MAX_PORTS];

int make_switches(void)
{
	struct fake_switch *sw;
	int i;

	for (i = 0; i < switches; i++) {
		sw = &fabric_switches[i];
		sw->idx = i;
		sw->guid = 0x0002c90300d00000ULL + i * 16;
		sw->lid = 0x300 + i;
		sw->powered = true;
		sw->port = kcalloc(swports + 1, sizeof(*sw->port), GFP_KERNEL);
		if (!sw->port) {
			free_switches();
			return -ENOMEM;
		}
	}
	if (switches == 2)
		for (i = 0; i < 2; i++)
			fabric_switches[i].port[swports].peer = &fabric_switches[1 - i];
	return 0;
}

void free_switches(void)
{
	int i;

	for (i = 0; i < MAX_SWITCHES; i++)
		kfree(fabric_switches[i].port);
}

/* Plugs a cable into a switch; num 0: the lowest free port. */
int set_cable(struct cable *c, int hca, int port, int sw, int num)
{
	struct switch_port *ports;
	unsigned long flags;
	int err = -ENOSPC, i;

	if (sw < 0 || sw >= switches || num < 0 || num > swports)
		return -EINVAL;
	ports = fabric_switches[sw].port;
	spin_lock_irqsave(&fabric, flags);
	for (i = num ?: 1; i <= (num ?: swports); i++) {
		if (ports[i].peer || (ports[i].cable && ports[i].cable != c))
			continue;
		if (c->port)
			fabric_switches[c->sw].port[c->port].cable = NULL;
		ports[i].cable = c;
		ports[i].hca = hca;
		ports[i].hca_port = port;
		c->sw = sw;
		c->port = i;
		err = 0;
		break;
	}
	spin_unlock_irqrestore(&fabric, flags);
	return err;
}

/* The cable of a port, plugged in when it is asked for the first time; NULL: no port is free. */
struct cable *assign_cable(int hca, int port)
{
	struct cable *c = &cables[hca][port];

	if (switches && !c->port && set_cable(c, hca, port, (hca + port) % switches, 0))
		return NULL;
	return c;
}

bool switch_alive(const struct cable *c)
{
	return !switches || (c->port && fabric_switches[c->sw].powered);
}

bool isl_up(void)
{
	return switches == 2 && isl_plugged && fabric_switches[0].powered &&
	       fabric_switches[1].powered;
}

/* The HCA port at a switch's port, linked or not. */
struct fake_port *switch_peer(struct fake_switch *sw, u8 num)
{
	struct switch_port *at = &sw->port[num];
	struct fake_hca *h = at->cable ? hcas[at->hca] : NULL;

	return h ? &h->port[at->hca_port] : NULL;
}

bool switch_link_up(struct fake_switch *sw, u8 num)
{
	struct fake_port *p = switch_peer(sw, num);

	if (sw->port[num].peer)
		return isl_up();
	return p && p->linked;
}

/* Those of the switch's end of a port's link; NULL where there is no running switch. */
u64 *switch_counters(const struct fake_port *p)
{
	if (!switches || !switch_alive(p->cable))
		return NULL;
	return fabric_switches[p->cable->sw].port[p->cable->port].counters;
}

static void count(u64 *c, bool sent, u32 words, bool multicast)
{
	c[sent ? C_XMIT_PKTS : C_RCV_PKTS]++;
	c[sent ? C_XMIT_DATA : C_RCV_DATA] += words;
	if (sent)
		c[multicast ? C_MC_XMIT : C_UC_XMIT]++;
	else
		c[multicast ? C_MC_RCV : C_UC_RCV]++;
}

/* Counts a packet where it enters the first switch. */
void count_entry(const struct fake_port *from, u32 words, bool multicast)
{
	u64 *in = switch_counters(from);

	if (in && from->linked)
		count(in, false, words, multicast);
}

/* Counts a packet on its way from the first switch to an HCA. */
void count_exit(const struct fake_port *from, const struct fake_port *to, u32 words, bool multicast)
{
	u64 *out = switch_counters(to);

	if (!out || from == to)
		return;
	count(out, true, words, multicast);
	if (from->cable->sw != to->cable->sw) {
		count(fabric_switches[from->cable->sw].port[swports].counters, true, words,
		      multicast);
		count(fabric_switches[to->cable->sw].port[swports].counters, false, words,
		      multicast);
	}
}

static void count_isl_down(void)
{
	int i;

	for (i = 0; i < switches; i++)
		if (fabric_switches[i].powered)
			fabric_switches[i].port[swports].counters[C_DOWNED]++;
}

/* Plugs or pulls the cable between the switches.  No port of an HCA notices. */
void plug_isl(bool in)
{
	mutex_lock(&cabling);
	if (isl_up() && !in)
		count_isl_down();
	isl_plugged = in;
	mutex_unlock(&cabling);
}

/* Takes a switch out or puts it back, with its counters at zero: the links of all its ports follow.
 */
void power_switch(struct fake_switch *sw, bool on)
{
	struct fake_hca **h;
	struct fake_port *p;
	bool isl_was_up;
	int i;

	mutex_lock(&hotplug);
	mutex_lock(&cabling);
	isl_was_up = isl_up();
	if (on && !sw->powered)
		for (i = 0; i <= swports; i++)
			memset(sw->port[i].counters, 0, sizeof(sw->port[i].counters));
	sw->powered = on;
	if (isl_was_up && !on)
		count_isl_down();
	for_each_port (h, p)
		update_link(p);
	mutex_unlock(&cabling);
	mutex_unlock(&hotplug);
}
