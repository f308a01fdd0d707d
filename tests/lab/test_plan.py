"""`aftershock plan` on a living fabric, and on what a running monitor saw of it."""

import json
import subprocess
import unittest

from program import BINARY, CRITICAL, UNKNOWN, WARNING, SharedFabricTest, main
from traffic import carry


class Planned:
    def __init__(self, done):
        self.code, self.stderr = done.returncode, done.stderr
        try:
            self.report = json.loads(done.stdout)
        except ValueError as e:
            raise AssertionError("exit %d: %r; %s" % (done.returncode, done.stdout[:300], done.stderr)) from e

    def hosts(self, **want):
        return {h["name"] for h in self.report["hosts"] if all(h[k] == v for k, v in want.items())}

    def __str__(self):
        return "exit %d\n%s\n%s" % (self.code, json.dumps(self.report["load"], indent=1), self.stderr)


def plan(fabric, *args):
    return Planned(fabric.run([BINARY, "plan", "--config", "/dev/null", "--format", "json", *args]))


def plan_elsewhere(*args):
    """Without any fabric: what is asked comes from files and URLs."""
    return Planned(subprocess.run([BINARY, "plan", "--config", "/dev/null", "--format", "json", *args], text=True,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60))


def facts(planned):
    """What a plan says of hosts and leaves, whatever it was made on."""
    return ({(h["name"], h["cut_off"], h["legs_before"], h["legs_after"], h["paths_before"], h["paths_after"])
             for h in planned.report["hosts"]},
            {(leaf["guid"], leaf["up_paths_before"], leaf["up_paths_after"]) for leaf in planned.report["leaves"]})


class Living(SharedFabricTest):
    def setUp(self):
        self.addCleanup(self.fabric.ready)  # a cable that is in again takes the SM a moment

    def test_a_spine_may_go_and_a_pair_of_leaves_may_not(self):
        one = plan(self.fabric, "--without", "switch:spine01")
        self.assertEqual((one.code, len(one.hosts(cut_off=False, redundancy_lost=True))), (WARNING, 16), one)
        self.assertEqual(one.report["planes"][0]["sm"], "stays", one.report["planes"])
        two = plan(self.fabric, "--without", "switch:leaf01a", "--without", "switch:leaf01b")
        self.assertEqual((two.code, len(two.hosts(cut_off=True))), (CRITICAL, 8), two)

    def test_the_only_subnet_manager_is_missed(self):
        # It runs on the last host, whose legs are on the second pair.
        gone = plan(self.fabric, "--without", "link:0x%016x/1" % self.fabric.hosts[-1].guid)
        self.assertEqual((gone.code, gone.report["planes"][0]["sm"]), (CRITICAL, "none"), gone)
        # Nobody is cut off by that leaf alone, and the list of what is lost with it begins with the SM.
        text = self.fabric.run([BINARY, "plan", "--config", "/dev/null", "--without", "switch:leaf01a"]).stdout
        self.assertRegex(text, r"switch leaf02a +no subnet manager")

    def test_the_fabric_its_snapshot_and_its_topology_file_agree(self):
        f = self.fabric
        f.run([BINARY, "sweep", "--format", "json", "-o", f.path("sweep.json")])
        asked = ("--without", "switch:leaf02b", "--without", "link:spine01/1")
        living = plan(f, *asked)
        for source in (f.path("sweep.json"), f.path("topology.txt")):
            saved = plan_elsewhere("--from", source, *asked)
            self.assertEqual((saved.code, facts(saved)), (living.code, facts(living)), source)

    def test_a_cable_that_is_out_already_is_known_to_be(self):
        f = self.fabric
        leaf, spine = f.named("leaf01a"), f.named("spine02")
        self.unlink(leaf, *[p for p, (peer, _) in leaf.links.items() if peer == spine.id])
        self.assertEqual(len(plan(f, "--without", "switch:spine01").hosts(cut_off=True)), 0)
        lost = plan(f, "--without", "switch:spine01", "--without", "switch:leaf01b")
        self.assertEqual((lost.code, len(lost.hosts(cut_off=True))), (CRITICAL, 8), lost)


class Monitored(SharedFabricTest):
    def test_before_two_sweeps_the_load_is_not_known_and_that_is_not_safe(self):
        monitor = self.monitor(interval="60s")
        planned = plan_elsewhere("--from", monitor.url, "--without", "switch:spine01")
        self.assertEqual((planned.code, planned.report["load"]["known"]), (UNKNOWN, "no"), planned)

    def test_an_idle_fabric_fits(self):
        monitor = self.monitor()
        monitor.wait_sweeps(2)
        planned = plan_elsewhere("--from", monitor.url, "--without", "switch:spine01")
        self.assertEqual((planned.code, planned.report["load"]["known"], planned.report["load"]["fits"]),
                         (WARNING, "yes", True), planned)

    def test_load_that_does_not_fit_on_what_is_left_is_critical(self):
        monitor = self.monitor()
        monitor.wait_sweeps(1)
        carry(self.fabric, 5)
        monitor.wait_sweeps(2)
        planned = plan_elsewhere("--from", monitor.url, "--without", "switch:spine01")
        self.assertEqual((planned.code, planned.report["load"]["fits"]), (CRITICAL, False), planned)
        self.assertTrue(planned.report["load"]["changed"][0]["what"].startswith("uplinks of leaf"), planned)
        self.assertFalse(planned.hosts(cut_off=True))

    def test_a_monitor_that_has_gone_stale_is_not_believed(self):
        monitor = self.monitor(settings="host: {interval: 1s}\nstale_after: 2s\n")
        monitor.wait_sweeps(2)
        self.unlink(self.fabric.own)
        monitor.wait("stale", lambda: monitor.get("/readyz")[0] != 200)
        planned = plan_elsewhere("--from", monitor.url, "--without", "switch:spine01")
        self.assertEqual(planned.code, UNKNOWN, planned)
        self.assertTrue(planned.report["unknown"], planned.report)


if __name__ == "__main__":
    main()
