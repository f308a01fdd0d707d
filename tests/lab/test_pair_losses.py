"""Pairs whose members lose packets, or seem to: what is the members' own, and what is not."""

import time

from pairs import PairMonitor, apart, quiet
from program import LabTest, main

NEAR = ("near", apart("leaf01a", "leaf01b"))  # one of them is at our own cable
LEAVES = ("leaves", apart("leaf02a", "leaf02b"))
SPINES = ("spines", apart("spine01", "spine02"))


class Losses(LabTest):
    def test_a_healthy_pair_stays_silent_while_the_simulator_loses_a_few_mads(self):
        f = self.fabric()
        monitor = PairMonitor(f, NEAR, LEAVES, SPINES).wait_live()
        for switch in f.switches:
            f.error(switch, "all", 3)
        quiet(self, monitor, 8)
        self.assertEqual(monitor.value("aftershock_pair_members_live", pair="leaves"), 2)

    def test_a_member_that_loses_30_percent_functions_to_a_degree(self):
        f = self.fabric()
        monitor = PairMonitor(f, LEAVES).wait_live()
        f.error(f.named("leaf02b"), "all", 30)
        monitor.wait_rule("pair-intermittent")
        self.assertEqual(monitor.states(), ["live", "intermittent"])
        ratio = monitor.value("aftershock_pair_answer_ratio", guid="0x%016x" % f.named("leaf02b").guid)
        self.assertLess(ratio, 0.95)
        self.assertFalse(monitor.findings("pair-both-intermittent"))

    def test_both_members_at_30_percent_are_one_critical_finding(self):
        f = self.fabric()
        monitor = PairMonitor(f, LEAVES).wait_live()
        for name in ("leaf02a", "leaf02b"):
            f.error(f.named(name), "all", 30)
        both = monitor.wait_rule("pair-both-intermittent")
        self.assertEqual(both["severity"], "critical")
        monitor.wait_rule("pair-correlated")
        self.assertFalse(monitor.findings("pair-intermittent"))

    def test_a_switch_on_the_way_that_loses_packets_is_no_fault_of_a_pair(self):
        f = self.fabric()
        monitor = PairMonitor(f, LEAVES).wait_live()
        f.error(f.named("spine01"), "all", 10)
        f.error(f.nodes[f.own.links[1][0]], "all", 5)
        quiet(self, monitor, 10)
        self.assertEqual(monitor.value("aftershock_pair_members_live", pair="leaves"), 2)

    def test_our_own_port_that_flaps_is_no_fault_of_a_pair(self):
        f = self.fabric()
        monitor = PairMonitor(f, LEAVES, SPINES).wait_live()
        for _ in range(4):
            f.unlink(f.own, 1)
            time.sleep(0.3)
            f.relink(f.own, 1)
            time.sleep(0.3)
            self.assertEqual(monitor.alarms() - {"pair-unseen"}, set())
        f.unlink(f.own, 1)
        monitor.wait_rule("pair-unseen")
        self.assertIsNone(monitor.value("aftershock_pair_members_live", pair="leaves"))
        f.relink(f.own, 1)
        monitor.wait("seen again", lambda: not monitor.alarms())


class Routes(LabTest):
    def test_loss_by_one_route_is_not_the_members(self):
        f = self.fabric()
        faults = f.path("faults")
        open(faults, "w").close()
        monitor = PairMonitor(f, LEAVES, tap={"faults": faults}).wait_live()
        leaf01a = f.nodes[f.own.links[1][0]]
        spine01 = f.named("spine01")
        ports = [p for p, (peer, _) in leaf01a.links.items() if peer == spine01.id]
        with open(faults, "w", encoding="ascii") as out:
            for port in ports:
                out.write("through 0,1,%d 60 0 0\n" % port)
        quiet(self, monitor, 8)

    def test_late_answers_count_as_missing_ones(self):
        f = self.fabric()
        faults = f.path("faults")
        open(faults, "w").close()
        quick = "  pair_interval: 1s\n  timeout: 400ms\nrules:\n  pair-intermittent:\n    window_seconds: 40\n"
        monitor = PairMonitor(f, LEAVES, quick=quick, tap={"faults": faults}).wait_live()
        with open(faults, "w", encoding="ascii") as out:
            for route in self.routes_to(f, f.named("leaf02b")):
                out.write("to 0,1,%s 0 60 800\n" % ",".join(map(str, route)))
        monitor.wait_rule("pair-intermittent", 60)

    @staticmethod
    def routes_to(f, leaf):
        """Exit ports from the switch at our own cable, over one more switch."""
        first = f.nodes[f.own.links[1][0]]
        for port, (peer, _) in first.links.items():
            for second, (there, _) in f.nodes[peer].links.items():
                if f.nodes[peer].kind == "switch" and there == leaf.id:
                    yield port, second


if __name__ == "__main__":
    main()
