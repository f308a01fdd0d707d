"""FlexiScale 2008: both core switches function to a degree. The story is in README.md."""

import time

from pairs import PairMonitor, groups
from program import LabTest, judge, main

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


if __name__ == "__main__":
    main()
