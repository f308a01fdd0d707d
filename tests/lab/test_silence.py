"""What could not be seen is never green."""

from program import CRITICAL, OK, UNKNOWN, LabTest, Monitor, judge, main


class Silence(LabTest):
    def test_losing_30_percent_at_a_switch_never_crashes_and_is_never_green_with_ports_unread(self):
        f = self.fabric()
        leaf = f.named("leaf02a")
        f.error(leaf, "all", 30)
        for _ in range(5):
            checked = judge(f)
            self.assertIn(checked.code, range(4), checked)
            unread = checked.coverage["nodes"]["unanswered"] + checked.coverage["ports"]["unanswered"]
            if unread:
                self.assertNotEqual(checked.code, OK, checked)

    def test_a_node_that_drops_every_mad_is_node_unresponsive_and_unknown(self):
        f = self.fabric()
        host = f.hosts[5]
        f.error(host, "all", 100)
        checked = judge(f)
        found = checked.findings("node-unresponsive")
        self.assertEqual(checked.code, UNKNOWN, checked)
        self.assertTrue(found, checked)
        self.assertTrue(all(x["unknown"] for x in found))

    def test_a_monitor_is_unknown_while_a_node_is_silent_and_not_afterwards(self):
        f = self.fabric()
        monitor = Monitor(f).wait_ready()
        f.error(f.named("leaf02b"), "all", 100)
        monitor.wait("unknown", lambda: monitor.status() == {"unknown"})
        f.error(f.named("leaf02b"), "all", 0)
        # ibsim counts what it dropped as PortRcvErrors, so that it may be a warning for a while.
        monitor.wait("known again", lambda: monitor.status() <= {"ok", "warning"})
        self.assertFalse(monitor.metrics("aftershock_finding", rule="node-unresponsive"))

    def test_no_sm_is_critical(self):
        f = self.fabric()
        f.sm_stop(sig="KILL")
        checked = judge(f)
        self.assertEqual(checked.code, CRITICAL, checked)
        self.assertEqual([x["rule"] for x in checked.alarms()], ["sm-missing"], checked)

    def test_a_fabric_that_no_sm_has_configured_is_never_green(self):
        checked = judge(self.fabric(sm=False))
        self.assertNotIn(checked.code, (OK, 1), checked)

    def test_a_fabric_that_dies_under_a_monitor_is_unknown_and_not_ready(self):
        f = self.fabric()
        monitor = Monitor(f).wait_ready()
        for host in f.nodes.values():
            f.error(host, "all", 100)
        monitor.wait("not green", lambda: "ok" not in monitor.status())


if __name__ == "__main__":
    main()
