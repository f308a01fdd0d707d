"""Faults of redundancy groups: two leaves of which one has to live, and two spines on one feed."""

from row import BROUGHT_UP, FAULT, HEALTHY, Row


# A sweep sees that a switch is gone while the rounds of questions to the members do not yet.
DYING = ("pair-degraded warning", "pair-intermittent warning", "pair-uneven warning", "pair-unseen unknown",
         "node-unresponsive unknown", "node-unresponsive warning")
def fault(name, story, work, *alarms, **how):
    return Row(FAULT, name, story, work, tuple(alarms), **{"bed": "pairs", "within": 15, **how})


def cut_off(bed):
    bed.undo(bed.accept)  # within seconds, here, the baseline is one without the uplinks
    leaf = bed.node("leaf02b")
    for port, (peer, _) in leaf.links.items():
        if bed.fabric.nodes[peer].kind == "switch" and bed.fabric.nodes[peer] is not bed.spare_switch:
            bed.mark()
            bed.unlink("leaf02b", port)


def one_member_idle(bed):
    """A minute in which all traffic goes by one of two leaves."""
    for step in range(1, 17):
        for port in (1, 2, 3):
            bed.fabric.command("counter", bed.node("leaf02a"), port, "PortCountersExtended.PortXmitData=%d" % (step * 10**9))
        bed.sweeps(4)
    bed.mark()


def replaced(bed):
    bed.unlink("leaf02b")
    bed.sweeps(1)
    bed.guid("leaf02b", 0xb8cef60300009900)
    bed.bring_up("leaf02b")
    bed.mark()


ROWS = [
    fault("member-dies", "a leaf of a pair is switched off: its hosts have one leg left",
          lambda bed: bed.unlink("leaf02b"), "unannounced-change critical",
          folded=("switch-lost", "pair-degraded", "redundancy-lost"), passing=DYING),
    fault("both-members-die", "both leaves of a pair are switched off within a second",
          lambda bed: [bed.unlink("leaf02a"), bed.mark(), bed.unlink("leaf02b")], "pair-lost critical",
          "unannounced-change critical", folded=("switch-lost", "pair-correlated"), lasts=False,
          passing=DYING + ("pair-correlated warning",)),
    fault("member-cut-off", "every uplink of a leaf is down: whether it lives cannot be seen", cut_off,
          "node-unresponsive unknown", folded=("pair-unseen",),
          passing=DYING + ("unannounced-change critical", "link-lost warning")),
    fault("member-unproven", "all traffic goes by one of two leaves for long (here: a minute)", one_member_idle,
          notes=("pair-standby-unproven",), within=40),
    fault("member-replaced", "the board of a leaf was replaced: another GUID at the same cables, by the same name",
          replaced, "unannounced-change critical", folded=("switch-lost",), notes=("pair-member-replaced",),
          passing=DYING + BROUGHT_UP),
    Row(HEALTHY, "member-rebooted", "a leaf of a pair is rebooted in a window",
        lambda bed: [bed.unlink("leaf02b"), bed.sweeps(1), bed.bring_up("leaf02b"), bed.sweeps(1)], bed="pairs",
        window=("--scope", "switch:leaf02b", "--expect", "down:switch:leaf02b", "--despite", "its hosts were told"),
        gate=0, passing=DYING + BROUGHT_UP + ("pair-correlated warning",)),
    Row(HEALTHY, "pair-idle", "nothing happens to a pair", lambda bed: bed.sweeps(4), bed="pairs"),
]
