// SPDX-License-Identifier: GPL-2.0
/* Links of HCA ports: cables, states, and the events that follow. */
#include "fakeib.h"

DEFINE_MUTEX(cabling);

void raise_event(struct fake_port *p, enum ib_event_type type)
{
	struct ib_event event = {.device = &p->hca->ibdev, .event = type};

	event.element.port_num = p->num;
	ib_dispatch_event(&event);
}

static u16 first_lid(const struct fake_port *p)
{
	return 2 + p->hca->idx * MAX_PORTS + (p->num - 1);
}

void init_link(struct fake_port *p)
{
	p->plugged = true;
	p->linked = switch_alive(p->cable);
	p->phys = p->linked ? 5 : 2;
	p->state = !p->linked ? IB_PORT_DOWN : sm ? IB_PORT_ACTIVE : IB_PORT_INIT;
	if (sm && p->linked) {
		p->lid = first_lid(p);
		p->sm_lid = sa_lid;
	}
}

static void link_up(struct fake_port *p)
{
	p->linked = true;
	p->phys = 5;
	p->state = IB_PORT_INIT;
	if (!sm)
		return;
	if (!p->lid) {
		p->lid = first_lid(p);
		raise_event(p, IB_EVENT_LID_CHANGE);
	}
	p->sm_lid = sa_lid;
	p->state = IB_PORT_ACTIVE;
	raise_event(p, IB_EVENT_PORT_ACTIVE);
	raise_event(p, IB_EVENT_CLIENT_REREGISTER);
}

static void link_down(struct fake_port *p)
{
	bool was_active = p->state == IB_PORT_ACTIVE;
	u64 *other_end = switch_counters(p);

	p->linked = false;
	p->state = IB_PORT_DOWN;
	p->phys = 2;
	p->counters[C_DOWNED]++;
	if (other_end)
		other_end[C_DOWNED]++;
	if (sm)
		sa_forget(p, false); /* an SM drops a port that left the fabric */
	if (was_active)
		raise_event(p, IB_EVENT_PORT_ERR);
}

/* Brings the link to what plug and switch make of it. */
void update_link(struct fake_port *p)
{
	bool want = p->plugged && switch_alive(p->cable);

	if (want == p->linked)
		return;
	if (want)
		link_up(p);
	else
		link_down(p);
}

/* Plugs or pulls the cable.  Back to back, the port at its other end sees it too. */
void plug(struct fake_port *p, bool in)
{
	struct fake_port *other;
	unsigned long flags;

	mutex_lock(&cabling);
	p->plugged = in;
	update_link(p);
	if (!sm) {
		spin_lock_irqsave(&fabric, flags);
		other = opposite(p);
		if (other) {
			other->plugged = in;
			update_link(other);
		}
		spin_unlock_irqrestore(&fabric, flags);
	}
	mutex_unlock(&cabling);
}

/* Pulls the cable's far end out and plugs it into another switch; num 0: the lowest free port. */
int move_cable(struct fake_port *p, int sw, int num)
{
	bool plugged;
	int err;

	mutex_lock(&cabling);
	plugged = p->plugged;
	p->plugged = false;
	update_link(p);
	err = set_cable(p->cable, p->hca->idx, p->num - 1, sw, num);
	p->plugged = plugged;
	update_link(p);
	mutex_unlock(&cabling);
	return err;
}

/* Megabits per second on the wire, as ib_rate_to_mbps() counts them. */
u32 link_mbps(const struct fake_port *p)
{
	static const struct {
		u16 speed;
		u32 kbps;
	} lane[] = {{IB_SPEED_SDR, 2500000},	{IB_SPEED_DDR, 5000000},  {IB_SPEED_QDR, 10000000},
		    {IB_SPEED_FDR10, 10000000}, {IB_SPEED_FDR, 14062500}, {IB_SPEED_EDR, 25781250},
		    {IB_SPEED_HDR, 53125000},	{IB_SPEED_NDR, 106250000}};
	int i, lanes = ib_width_enum_to_int(p->width);

	for (i = 0; i < ARRAY_SIZE(lane); i++)
		if (lane[i].speed == p->speed && lanes > 0)
			return (u64)lanes * lane[i].kbps / 1000;
	return 0;
}
