"""Redundant pairs: for every rule a fabric where it fires, and a near miss where it does not."""

import os
import re
import time
import unittest

import lab
from pairs import PairMonitor, apart, groups
from program import LabTest, judge, main

LEAVES = ("leaves", apart("leaf02a", "leaf02b"))
SPINES = ("spines", apart("spine01", "spine02"))


def uplinks(f, leaf):
    return [port for port, (peer, _) in leaf.links.items() if f.nodes[peer].kind == "switch"]


def quiet(test, monitor, seconds=4.0):
    """No alarm about pairs for so long, however often one looks."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        test.assertEqual(monitor.alarms(), set())


class Standing(LabTest):
    def test_a_healthy_pair_stays_silent_while_the_simulator_loses_a_few_mads(self):
        f = self.fabric()
        monitor = PairMonitor(f, LEAVES, SPINES).wait_live()
        for switch in f.switches:
            f.error(switch, "all", 1)
        quiet(self, monitor, 8)
        self.assertEqual(monitor.value("aftershock_pair_members_live", pair="leaves"), 2)

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


class Events(LabTest):
    def peers_count_a_lost_link(self, f, leaf):
        for peer, far in leaf.links.values():
            f.counter(f.nodes[peer], far, LinkDownedCounter=1)

    def test_a_member_that_restarts_between_two_sweeps_is_seen(self):
        f = self.fabric()
        monitor = PairMonitor(f, LEAVES, interval="15s").wait_live()
        monitor.wait_sweeps(1)
        leaf = f.named("leaf02b")
        f.unlink(leaf)
        time.sleep(0.5)
        f.relink(leaf)
        self.peers_count_a_lost_link(f, leaf)
        monitor.wait_rule("pair-member-restarted", 60)

    def test_links_that_were_lost_while_the_member_answered_are_no_restart(self):
        f = self.fabric()
        monitor = PairMonitor(f, LEAVES, interval="15s").wait_live()
        monitor.wait_sweeps(1)
        self.peers_count_a_lost_link(f, f.named("leaf02b"))
        monitor.wait_sweeps(1)
        self.assertFalse(monitor.findings("pair-member-restarted"))


def cabled_twice(f_dir):
    """The usual fabric with node05 at leaf01a twice and node06 at leaf01b twice."""
    path = os.path.join(f_dir, "twice.txt")
    lab.subprocess.run([lab.sys.executable, lab.FATTREE, *lab.LEAF_PAIRS, "-o", path], check=True,
                       stderr=lab.subprocess.DEVNULL)
    with open(path, encoding="utf-8") as file:
        text = file.read()
    nodes = lab.parse_netfile(path)
    five, six = (n for n in nodes.values() if n.description in ("node05 mlx5_0", "node06 mlx5_0"))
    a, a_port = six.links[1]
    b, b_port = five.links[2]

    def cable(section, port, peer, far):
        nonlocal text
        head = text.index('"%s"\t\t#' % section)
        at = re.compile(r'^\[%d\].*$' % port, re.M).search(text, head)
        text = text[:at.start()] + '[%d]\t"%s"[%d] \t\t# lid 0 4xEDR' % (port, peer, far) + text[at.end():]

    cable(a, a_port, five.id, 2)
    cable(b, b_port, six.id, 1)
    cable(five.id, 2, a, a_port)
    cable(six.id, 1, b, b_port)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


class Hosts(LabTest):
    def test_a_host_cabled_twice_to_the_same_member_is_uneven(self):
        directory = lab.tempfile.mkdtemp()
        self.addCleanup(lab.shutil.rmtree, directory)
        f = self.fabric(cabled_twice(directory))
        monitor = PairMonitor(f, ("pair", apart("leaf01a", "leaf01b"))).wait_live()
        found = monitor.wait_rule("pair-uneven")
        self.assertIn("node05", found["summary"])
        self.assertIn("node06", found["summary"])

    def test_a_host_that_loses_a_leg_is_uneven_and_short_of_a_switch(self):
        f = self.fabric()
        monitor = PairMonitor(f, LEAVES).wait_live()
        monitor.wait("no host short", lambda: monitor.value("aftershock_hosts_short_of_switches") == 0)
        f.unlink(f.hosts[12], 2)
        found = monitor.wait_rule("pair-uneven")
        self.assertIn("node13", found["summary"])
        monitor.wait("1 host short", lambda: monitor.value("aftershock_hosts_short_of_switches") == 1)


class Check(LabTest):
    def config(self, f, *pairs):
        path = f.path("check.yaml")
        with open(path, "w", encoding="ascii") as out:
            out.write("fabric:\n  timeout: 2s\n" + groups(*pairs))
        return path

    def test_check_asks_members_several_times_within_its_window(self):
        f = self.fabric()
        path = self.config(f, LEAVES, SPINES)
        checked = judge(f, "--config", path, window="3s")
        self.assertEqual(checked.code, 0, checked)
        for group in checked.report["pairs"]["groups"]:
            self.assertEqual((group["live"], group["verdict"]), (2, "ok"))
            self.assertTrue(all(m["asked"] >= 20 for m in group["members"]), group)

    def test_check_sees_two_members_that_function_to_a_degree(self):
        f = self.fabric()
        path = self.config(f, LEAVES)
        for name in ("leaf02a", "leaf02b"):
            f.error(f.named(name), "all", 30)
        checked = judge(f, "--config", path, window="6s")
        self.assertEqual(checked.code, 2, checked)
        self.assertTrue(checked.findings("pair-both-intermittent", folded=True), checked)

    def test_a_shared_feed_is_told_before_anything_fails(self):
        f = self.fabric()
        path = self.config(f, ("leaves", [("leaf02a", {"power": "feed-A"}), ("leaf02b", {"power": "feed-A"})]), SPINES)
        checked = judge(f, "--config", path, window="1s")
        self.assertEqual([(x["rule"], x["subject"]) for x in checked.alarms()], [("pair-shared-risk", "pair:leaves")])
        self.assertEqual(checked.code, 1, checked)

    def test_a_member_that_is_not_in_the_fabric_names_line_and_key(self):
        f = self.fabric()
        path = self.config(f, ("leaves", apart("leaf02a", "leaf09b")))
        checked = judge(f, "--config", path, window="1s")
        self.assertEqual(checked.code, 3, checked)
        self.assertIn("check.yaml:9: pairs[0].members[1]", checked.findings("pair-member-unknown")[0]["summary"])

    def test_what_suggest_proposes_is_a_configuration_and_the_fabric_is_well_by_it(self):
        f = self.fabric()
        from program import BINARY
        done = f.run([BINARY, "pairs", "suggest"])
        self.assertEqual(done.returncode, 0, done.stderr)
        path = f.path("suggested.yaml")
        with open(path, "w", encoding="utf-8") as out:
            out.write(done.stdout)
        checked = judge(f, "--config", path, window="1s")
        self.assertEqual(checked.code, 0, checked)
        members = [{m["name"] for m in g["members"]} for g in checked.report["pairs"]["groups"]]
        for pair in ({"leaf01a", "leaf01b"}, {"leaf02a", "leaf02b"}, {"spine01", "spine02"}):
            self.assertIn(pair, members)


if __name__ == "__main__":
    main()
