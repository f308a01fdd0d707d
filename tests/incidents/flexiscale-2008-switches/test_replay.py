"""FlexiScale 2008: both core switches function to a degree. The story is in README.md."""

import time

from pairs import PairMonitor, groups
from program import LabTest, judge, main
from windows import WindowMonitor

SAME_FEED = ("core", [("spine01", {"power": "feed-A"}), ("spine02", {"power": "feed-A"})])
DEADLINE = 30.0


class CoreSwitches(LabTest):
    def spike(self, f, *names):
        for name in names:
            f.error(f.named(name), "all", 40)

    def test_the_shared_feed_is_known_before_the_spike(self):
        f = self.fabric()
        path = f.path("site.yaml")
        with open(path, "w", encoding="ascii") as out:
            out.write("fabric:\n  timeout: 2s\n" + groups(SAME_FEED))
        checked = judge(f, "--config", path, window="1s")
        self.assertEqual([x["rule"] for x in checked.alarms()], ["pair-shared-risk"], checked)
        self.assertIn("power feed-A", checked.alarms()[0]["summary"])

    def test_after_the_spike_both_are_intermittent_together_and_not_merely_up(self):
        f = self.fabric()
        monitor = PairMonitor(f, SAME_FEED).wait_live()
        started = time.monotonic()
        self.spike(f, "spine01", "spine02")
        both = monitor.wait_rule("pair-both-intermittent", DEADLINE)
        self.assertLess(time.monotonic() - started, DEADLINE)
        self.assertEqual((both["severity"], both["because"]), ("critical", None))
        self.assertEqual(monitor.states(), ["intermittent", "intermittent"])
        self.assertEqual(monitor.value("aftershock_pair_members_live", pair="core"), 0)
        folded = {f["rule"]: f["because"] for f in monitor.findings()}
        self.assertEqual(folded.get("pair-correlated"), "pair-both-intermittent pair:core")
        self.assertFalse(monitor.findings("pair-lost") + monitor.findings("pair-degraded"))
        self.assertTrue(monitor.metrics("aftershock_finding", rule="pair-both-intermittent", severity="critical"))

    def test_one_switch_alone_is_not_both(self):
        f = self.fabric()
        monitor = PairMonitor(f, SAME_FEED).wait_live()
        self.spike(f, "spine02")
        monitor.wait_rule("pair-intermittent", DEADLINE)
        self.assertFalse(monitor.findings("pair-both-intermittent"))

    def soaking(self):
        """A window over both, which is waited for; with the fabric under it and the name of the window."""
        f = self.fabric()
        monitor = WindowMonitor(f, settings="  pair-intermittent:\n    window_seconds: 4\n" + groups(SAME_FEED),
                                pair_interval="50ms").wait_ready().wait_baseline()
        window = monitor.open("--scope", "pair:core", soak="15s")
        self.assertIsInstance(window, str, window)
        monitor.close(window)
        return f, monitor, window

    def test_a_window_over_both_does_not_pass_the_gate_after_the_spike(self):
        f, monitor, window = self.soaking()
        self.spike(f, "spine01", "spine02")
        failed = monitor.wait_gate(window, 2)
        self.assertTrue(any("pair-both-intermittent" in line for line in failed.json["because"]), failed)

    def test_without_the_spike_it_does(self):
        _, monitor, window = self.soaking()
        monitor.wait_gate(window, 0)


if __name__ == "__main__":
    main()
