"""Cloud Foundry 2011: during an exercise on paper somebody touched the keyboard. The story is in README.md."""

import time

from program import LabTest, main
from windows import WindowMonitor

ONE_CYCLE = 30.0  # with a sweep each second on a machine that may be busy


class Exercise(LabTest):
    def setUp(self):
        self.f = self.fabric()
        self.monitor = WindowMonitor(self.f).wait_ready().wait_baseline()

    def announce(self):
        window = self.monitor.open("--scope", "fabric", "--hands-off", title="recovery on paper")
        self.assertIsInstance(window, str, window)
        return window

    def touch(self):
        """What the keyboard did: all the front-end network went. Here: every cable of one leaf."""
        leaf = self.f.named("leaf02a")
        self.f.unlink(leaf)
        return leaf

    def test_a_touch_during_the_exercise_is_critical_within_a_cycle_and_the_gate_says_no(self):
        window = self.announce()
        leaf = self.touch()
        started = time.monotonic()
        found = self.monitor.wait("what changed", lambda: self.monitor.metrics(
            "aftershock_finding", severity="critical", window=window), ONE_CYCLE)
        print("what changed was told after %.1f s" % (time.monotonic() - started))
        self.assertIn("switch:0x%016x" % leaf.guid, {labels["subject"] for labels, _ in found})
        failed = self.monitor.wait_gate(window, 2)
        self.assertTrue(any("leaf02a" in line for line in failed.json["because"]), failed)

    def test_the_same_outside_of_every_window_is_an_unannounced_change(self):
        leaf = self.touch()
        found = self.monitor.wait("what changed", lambda: self.monitor.metrics(
            "aftershock_finding", rule="unannounced-change", severity="critical"), ONE_CYCLE)
        self.assertEqual([(labels["subject"], labels["window"]) for labels, _ in found],
                         [("switch:0x%016x" % leaf.guid, "")])
        self.monitor.wait("the verdict", lambda: self.monitor.status() == {"critical"})

    def test_an_exercise_in_which_nobody_touches_anything_passes(self):
        window = self.announce()
        self.monitor.wait_sweeps(2)
        self.monitor.close(window)
        self.monitor.wait_gate(window, 0)


if __name__ == "__main__":
    main()
