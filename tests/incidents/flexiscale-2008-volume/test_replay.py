"""FlexiScale 2008: the wrong thing removed, and nothing to spare. The story is in README.md."""

import json

from pairs import groups
from program import BINARY, CRITICAL, LabTest, SharedFabricTest, main
from traffic import carry
from windows import WindowMonitor

SAFE, LESS, REFUSED = 0, 1, 2
EIGHT = ["node%02d" % n for n in range(9, 17)]


class Volume(SharedFabricTest):
    def plan(self, *args):
        path = self.fabric.path("site.yaml")
        with open(path, "w", encoding="ascii") as out:
            out.write("fabric:\n  timeout: 2s\n" + groups(
                ("leaf02", [("leaf02a", {"power": "feed-A"}), ("leaf02b", {"power": "feed-A"})])))
        done = self.fabric.run([BINARY, "plan", "--config", path, "--format", "json", *args])
        self.assertTrue(done.stdout, done.stderr)
        return done.returncode, json.loads(done.stdout)

    def named(self, report, what):
        return sorted(host["name"] for host in report["hosts"] if host[what])

    def test_with_its_peer_in_service_nobody_is_cut_off_and_who_loses_redundancy_is_named(self):
        code, report = self.plan("--without", "switch:leaf02b")
        self.assertEqual(code, LESS, report)
        self.assertEqual((self.named(report, "redundancy_lost"), self.named(report, "cut_off")), (EIGHT, []))

    def test_with_its_peer_out_of_service_plan_refuses_and_names_who_loses_the_last_path(self):
        self.unlink(self.fabric.named("leaf02a"))
        self.addCleanup(self.fabric.ready)
        code, report = self.plan("--without", "switch:leaf02b")
        self.assertEqual((code, self.named(report, "cut_off")), (REFUSED, EIGHT))

    def test_the_feed_that_both_hang_on_cuts_the_same_hosts_off(self):
        code, report = self.plan("--risk", "power=feed-A")
        self.assertEqual((code, self.named(report, "cut_off")), (REFUSED, EIGHT))

    def test_a_load_that_is_not_known_is_never_safe(self):
        code, report = self.plan("--without", "switch:spine01")
        self.assertNotEqual(code, SAFE)
        self.assertEqual((report["load"]["known"], report["load"]["fits"]), ("no", None))

    def test_what_is_left_cannot_carry_what_would_have_to_move(self):
        monitor = self.monitor()
        monitor.wait_sweeps(1)
        carry(self.fabric, 5)
        monitor.wait_sweeps(2)
        code, report = self.plan("--from", monitor.url, "--without", "switch:spine01")
        self.assertEqual((code, report["load"]["fits"], self.named(report, "cut_off")), (REFUSED, False, []), report)


class Window(LabTest):
    """The same with the gate around it."""

    REMOVED = ("--scope", "switch:leaf02b", "--expect", "down:switch:leaf02b")

    def watched(self, *out_of_service):
        self.f = self.fabric(sm=False)
        self.f.sm(self.f.hosts[1])  # whichever leaf of the other pair goes
        self.f.ready()
        for name in out_of_service:
            self.f.unlink(self.f.named(name))
        self.f.ready()
        self.monitor = WindowMonitor(self.f).wait_ready().wait_baseline()

    def test_with_its_peer_out_of_service_no_window_opens_and_who_would_be_cut_off_is_named(self):
        self.watched("leaf02a")
        refused = self.monitor.open(*self.REMOVED)
        self.assertNotIsInstance(refused, str)
        self.assertEqual(refused.code, CRITICAL, refused)
        for host in EIGHT:
            self.assertIn(host, refused.text + refused.stderr, refused)

    def test_the_wrong_thing_removed_is_critical_and_the_window_for_the_right_one_does_not_pass(self):
        self.watched()
        window = self.monitor.open("--scope", "switch:leaf01b", "--expect", "down:switch:leaf01b")
        wrong = self.f.named("leaf02b")
        self.f.unlink(wrong)
        self.monitor.wait_finding("unannounced-change", severity="critical", subject="switch:0x%016x" % wrong.guid)
        self.monitor.close(window)
        held = self.monitor.wait_gate(window, 1)
        self.assertEqual(held.json["state"], "verifying", held)

    def test_the_right_thing_removed_and_put_back_passes(self):
        self.watched()
        window = self.monitor.open(*self.REMOVED)
        leaf = self.f.named("leaf02b")
        self.f.unlink(leaf)
        self.monitor.wait_sweeps(1)
        self.f.relink(leaf)
        self.f.ready()
        self.monitor.close(window)
        self.monitor.wait_gate(window, 0)


if __name__ == "__main__":
    main()
