"""Pairs whose members die, are cut off, or restart; and the near misses."""

import time

from pairs import PairMonitor, apart, quiet
from program import LabTest, main

LEAVES = ("leaves", apart("leaf02a", "leaf02b"))


def uplinks(f, leaf):
    return [port for port, (peer, _) in leaf.links.items() if f.nodes[peer].kind == "switch"]


class Standing(LabTest):
    def test_an_unlinked_member_degrades_its_pair_and_is_one_finding_with_the_lost_switch(self):
        f = self.fabric()
        monitor = PairMonitor(f, LEAVES).wait_live()
        f.unlink(f.named("leaf02b"))
        monitor.wait_rule("pair-degraded")
        monitor.wait("the sweep says so", lambda: monitor.findings("pair-degraded")[0]["because"])
        cause = monitor.findings("pair-degraded")[0]["because"]
        self.assertTrue(cause.startswith("switch-lost switch:0x%016x" % f.named("leaf02b").guid), cause)
        self.assertEqual(monitor.value("aftershock_pair_members_live", pair="leaves"), 1)
        monitor.wait("8 hosts short", lambda: monitor.value("aftershock_hosts_short_of_switches") == 8)
        self.assertFalse(monitor.findings("pair-lost"))

    def test_one_lost_uplink_of_a_member_is_no_matter_of_its_pair(self):
        f = self.fabric()
        monitor = PairMonitor(f, LEAVES).wait_live()
        leaf = f.named("leaf02b")
        f.unlink(leaf, uplinks(f, leaf)[0])
        monitor.wait_finding("link-lost")
        quiet(self, monitor)

    def test_two_unlinked_members_are_a_lost_pair_and_a_common_cause(self):
        f = self.fabric()
        monitor = PairMonitor(f, LEAVES).wait_live()
        for name in ("leaf02a", "leaf02b"):
            f.unlink(f.named(name))
        lost = monitor.wait_rule("pair-lost")
        self.assertEqual((lost["severity"], lost["because"]), ("critical", None))
        correlated = monitor.wait_rule("pair-correlated")
        self.assertEqual(correlated["because"], "pair-lost pair:leaves")

    def test_a_member_whose_routes_are_all_cut_is_unseen_and_not_dead(self):
        f = self.fabric()
        monitor = PairMonitor(f, LEAVES).wait_live()
        leaf = f.named("leaf02b")
        for port in uplinks(f, leaf):
            f.unlink(leaf, port)
        unseen = monitor.wait_rule("pair-unseen")
        self.assertTrue(unseen["unknown"])
        monitor.wait_sweeps(2)
        self.assertEqual(monitor.alarms() - {"pair-unseen"}, set())


class Events(LabTest):
    def peers_count_a_lost_link(self, f, leaf):
        for peer, far in leaf.links.values():
            f.counter(f.nodes[peer], far, LinkDownedCounter=1)

    def test_a_member_that_restarts_between_two_sweeps_is_seen(self):
        f = self.fabric()
        monitor = PairMonitor(f, LEAVES, interval="8s").wait_live()
        monitor.wait_sweeps(1)
        leaf = f.named("leaf02b")
        f.unlink(leaf)
        time.sleep(0.5)
        f.relink(leaf)
        self.peers_count_a_lost_link(f, leaf)
        monitor.wait_rule("pair-member-restarted", 60)

    def test_links_that_were_lost_while_the_member_answered_are_no_restart(self):
        f = self.fabric()
        monitor = PairMonitor(f, LEAVES, interval="8s").wait_live()
        monitor.wait_sweeps(1)
        self.peers_count_a_lost_link(f, f.named("leaf02b"))
        monitor.wait_sweeps(1)
        self.assertFalse(monitor.findings("pair-member-restarted"))


if __name__ == "__main__":
    main()
