"""Faults that no error counter shows: of forwarding tables, multicast trees, partitions, and circles of credits; and what
is nearly the same and none.

Entries are set by the test's own SubnSet (`fabric smpset`), behind the manager's back.
"""

import re

from row import BROUGHT_UP, FAULT, HEALTHY, REROUTED, Row

CHANGED = "unannounced-change critical"
SOAK = {"window": ("--scope", "fabric"), "when": "soaking", "options": {"soak": "20s"}, "gate": 2}
HUB = {"window": ("--scope", "switch:hub", "--expect", "down:switch:hub"), "bed": "ring"}


def fault(name, story, work, *alarms, passing=(), **how):
    return Row(FAULT, name, story, work, tuple(alarms), passing=REROUTED + passing, **how)


def healthy(name, story, work, passing=(), **how):
    return Row(HEALTHY, name, story, work, passing=REROUTED + BROUGHT_UP + passing, **how)


def in_manager_tests(name, story, reference, *alarms):
    return Row(FAULT, name, story, alarms=alarms, reference="test_sm." + reference)


def settle(bed):
    """A baseline here is a second old at most, and a fault is a note for longer than that: it must not become a part of
    one that is only just being taken after the row before."""
    bed.sweeps(1) if bed.window else bed.accept()
    bed.mark()


def set_entry(bed, switch, host, port):
    """The way of a switch to a host's first port, or to a LID, leads out of another port, or of none (255)."""
    node, lid = bed.node(switch), bed.lid_of(bed.node(host)) if isinstance(host, str) else host
    ask = lambda what: bed.fabric.command("smpset", node, "lft", what)
    was = re.search(r": (\d+)\s*$", ask(lid))[1]
    ask("%d=%d" % (lid, port))
    bed.undo(lambda: ask("%d=%s" % (lid, was)))


def entry(*what):
    return lambda bed: [settle(bed), set_entry(bed, *what)]


def key(switch, place, value):
    """An entry of a port's P_Key table, PORT:INDEX, until the row is over."""
    def work(bed):
        node = bed.node(switch)
        ask = lambda text: bed.fabric.command("smpset", node, "pkey", text)
        was = re.search(r": (\w+)\s*$", ask(place))[1]
        ask("%s=%s" % (place, value))
        bed.undo(lambda: ask("%s=%s" % (place, was)))
    return work


def other_lane(bed):
    settle(bed)
    node = bed.node("leaf02a")
    ask = lambda what: bed.fabric.command("smpset", node, "sl2vl", what)
    was = int(re.search(r": (\d+)\s*$", ask("4:5:3"))[1])
    ask("4:5:3=%d" % ((was + 1) % 4))
    bed.undo(lambda: ask("4:5:3=%d" % was))


def one_way_for_all(bed):
    """A leaf sends everything for other leaves to one spine of two."""
    settle(bed)
    for host in ("node1", "node2", "node3", "node7", "node8", "node9"):
        set_entry(bed, "leaf02a", host, 4)


def way_through_excluded(bed):
    """The managers hang, and nobody routes around the spine that is gone."""
    for node in reversed(bed.managers()):
        bed.stop_sm(node, "STOP")
    bed.mark()
    bed.unlink("spine02")


def looped(bed):
    settle(bed)
    set_entry(bed, "spine01", "node1", 3)
    set_entry(bed, "leaf02a", "node1", 4)


def hub_accepted(bed):
    """The hub is taken out for good, and accepted to be gone; then what is left has to be sound."""
    bed.unlink("hub")
    bed.sweeps(1)
    bed.mark()
    bed.accept("switch:hub")
    bed.undo(lambda: [bed.relink("hub"), bed.ready(), bed.accept()])


def hub_rebooted(bed):
    bed.unlink("hub")
    bed.sweeps(1)
    bed.bring_up("hub")
    bed.sweeps(1)


ROWS = [
    fault("entry-dropped", "a leaf has no way to a host any more", entry("leaf02a", "node1", 255),
          "route-missing critical", CHANGED, folded=("routing-changed",), within=8),
    fault("entry-wrong", "a leaf sends what is for a host to another host", entry("leaf02a", "node1", 2),
          "route-wrong-exit critical", CHANGED, folded=("routing-changed",), within=8),
    fault("entry-into-the-void", "a leaf sends what is for a host out of a port without a cable",
          entry("leaf02a", "node1", 6), "route-dead-end critical", CHANGED, folded=("routing-changed",), within=8),
    fault("entries-looped", "a leaf and a spine send what is for a host to each other", looped,
          "route-loop critical", CHANGED, folded=("routing-changed",), within=8),
    fault("looped-in-soak", "the same while a window soaks", looped, "route-loop critical",
          passing=("routing-changed warning",), within=8, **SOAK),
    fault("tree-cut", "a leaf is missing in the multicast tree", lambda bed: bed.cut_from_tree("leaf02a"),
          "multicast-broken critical", within=8, bed="group"),
    fault("tree-cut-in-soak", "the same while a window soaks", lambda bed: bed.cut_from_tree("leaf02a"),
          "multicast-broken critical", within=8, bed="group", **SOAK),
    fault("below-group-rate", "a member's cable comes up at one lane, slower than its broadcast group",
          lambda bed: bed.width("0,1", 2, 1), "ipoib-group-parameters warning", "link-slower warning",
          passing=("link-slower-than-siblings warning",), bed="group", within=8),
    fault("partition-lacking", "one switch is no longer in a partition that all others are in",
          key("leaf02a", "0:1", "0x0000"), "partition-differs warning", CHANGED, folded=("partition-changed",), within=8,
          bed="group"),
    fault("group-missing", "the managers are started anew with a partition that is not for IPoIB",
          lambda bed: bed.without_group(), "ipoib-group-missing critical", within=20, bed="group", spends=True,
          passing=("sm-missing critical", "sm-missing warning", "sm-no-standby warning", "sm-changed warning", CHANGED,
                   "lid-changed warning", "partition-changed warning", "partition-differs warning") + BROUGHT_UP),
    fault("credit-loop", "the hub dies, and the ways that are left can wait for each other in a circle",
          lambda bed: bed.unlink("hub"), "credit-loop critical", CHANGED, folded=("switch-lost", "routing-engine-fallback"),
          passing=("routing-engine-fallback warning",), bed="ring", within=8),
    fault("credit-loop-in-window", "the hub is taken out in a window, for good and accepted",
          hub_accepted, "credit-loop critical", passing=("routing-engine-fallback warning",), within=8, gate=2, **HUB),
    fault("one-way-for-all", "a leaf sends all that is for other leaves to one spine of two", one_way_for_all,
          "route-unbalanced warning", within=8, passing=(CHANGED,)),
    fault("way-through-excluded", "an announced spine is taken out while the managers hang: ways still lead there",
          way_through_excluded, "sm-missing critical", "route-through-excluded warning", within=12,
          window=("--scope", "switch:spine02", "--expect", "down:switch:spine02"),
          passing=("route-dead-end critical",)),
    fault("table-unread", "a spine answers, and does not tell its forwarding table",
          lambda bed: [bed.fabric.command("error", bed.node("spine02"), "all", 100, "0x19"),
                       bed.undo(lambda: bed.fabric.error(bed.node("spine02"), "all", 0))], "routing-unread unknown",
          within=8),
    fault("lanes-of-one-switch", "a leaf puts a service level on another virtual lane than before", other_lane,
          "sl2vl-differs warning", within=8, passing=(CHANGED,)),
    in_manager_tests("both-stand-by", "two managers stand by, each for the other",
                     "Several.test_two_managers_that_both_stand_by_are_no_master", "sm-missing critical"),
    in_manager_tests("two-masters", "two managers ignore each other, and both lead",
                     "Several.test_two_managers_that_ignore_each_other_are_several_masters", "sm-several critical"),
    in_manager_tests("master-frozen", "the master hangs, and its standby does not notice yet",
                     "Standby.test_a_frozen_master_is_missing_although_its_standby_lives", "sm-missing critical"),
    in_manager_tests("standby-disabled", "the standby was told to be NOTACTIVE",
                     "Standby.test_one_manager_is_a_note_a_standby_none_and_one_that_was_disabled_a_warning",
                     "sm-standby-unfit warning"),
    healthy("entry-of-nobody", "a leaf has an entry for a LID that nobody has", entry("leaf02a", 1000, 2)),
    healthy("tree-joined", "another host joins the broadcast group",
            lambda bed: [bed.fabric.command("mcmember", "--at", bed.node("node3"), "join"), bed.sweeps(2)], bed="group"),
    healthy("between-rebooted", "a switch of the ring is rebooted in a window, while the hub is there",
            lambda bed: [bed.unlink("between1"), bed.sweeps(1), bed.bring_up("between1"), bed.sweeps(1)],
            bed="ring", window=("--scope", "switch:between1", "--expect", "down:switch:between1"), gate=0),
    healthy("hub-rebooted", "the hub is rebooted in a window; the circle is gone when it is back", hub_rebooted,
            passing=("credit-loop critical", "routing-engine-fallback warning"), gate=0, **HUB),
]
