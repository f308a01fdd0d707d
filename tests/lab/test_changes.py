"""What a running monitor says of a fabric that changes under it."""

from program import LabTest, Monitor, main


class Changes(LabTest):
    def setUp(self):
        self.f = self.fabric()
        self.monitor = Monitor(self.f).wait_ready()

    def findings(self):
        """(rule, severity) of all findings above a note."""
        return sorted((have["rule"], have["severity"]) for have, _ in self.monitor.metrics("aftershock_finding"))

    def test_a_pulled_cable_is_a_link_lost_warning_after_the_next_sweep_and_gone_with_the_cable_back(self):
        spine = self.f.named("spine01")
        self.f.unlink(spine, 3)
        self.monitor.wait_sweeps(2)  # the first may have begun before
        found = self.monitor.wait_finding("link-lost", severity="warning")
        self.assertEqual(len(found), 1, found)
        self.assertEqual(self.findings(), [("link-lost", "warning")])
        self.assertEqual(self.monitor.status(), {"warning"})
        self.f.relink(spine, 3)
        self.monitor.wait("the link is back", lambda: not self.findings())
        self.assertEqual(self.monitor.status(), {"ok"})

    def test_a_removed_switch_is_one_critical_finding_with_its_links_folded(self):
        self.f.unlink(self.f.named("spine02"))
        found = self.monitor.wait_finding("switch-lost", severity="critical")
        self.assertEqual(len(found), 1, found)
        self.monitor.wait_sweeps(1)
        self.assertEqual(self.findings(), [("switch-lost", "critical")])
        self.assertEqual(self.monitor.status(), {"critical"})

    def test_a_removed_leaf_is_one_critical_finding_and_its_hosts_stay_in_sight_by_the_other_leaf(self):
        self.f.unlink(self.f.named("leaf02b"))
        self.monitor.wait_finding("switch-lost", severity="critical")
        self.monitor.wait_sweeps(1)
        self.assertEqual(self.findings(), [("switch-lost", "critical")])
        self.assertEqual(self.monitor.value("aftershock_sweep_ports", result="unanswered"), 0)

    def test_a_counter_that_another_tool_cleared_is_counted_and_never_a_decrease(self):
        leaf = self.f.named("leaf01a")
        guid = "0x%016x" % leaf.guid
        traffic = lambda: self.monitor.value("infiniband_switch_port_transmit_data_bytes_total", guid=guid, port="9")
        symbols = lambda: self.monitor.value("infiniband_switch_port_symbol_error_total", guid=guid, port="9")
        self.f.counter(leaf, 9, SymbolErrorCounter=3)
        self.monitor.wait("the counter is seen", lambda: symbols() == 3)
        before = traffic()
        self.f.run(["perfquery", "-R", "-G", guid, "9"])
        self.monitor.wait("the reset is counted",
                          lambda: self.monitor.value("aftershock_counter_resets_total", guid=guid, port="9"))
        self.assertGreaterEqual(traffic(), before)
        self.assertGreaterEqual(symbols(), 3)

    def test_a_killed_sm_is_sm_missing_and_critical(self):
        self.f.sm_stop(sig="KILL")
        self.monitor.wait_finding("sm-missing", severity="critical")
        self.assertEqual(self.findings(), [("sm-missing", "critical")])

    def test_term_ends_the_monitor_within_a_second(self):
        code, seconds = self.monitor.program.stop()
        self.assertEqual(code, 0, self.monitor.program.text())
        self.assertLess(seconds, 1.0)

    def test_a_second_monitor_on_the_same_port_says_so_and_exits(self):
        second = Monitor(self.f, port=self.monitor.port)
        self.assertNotEqual(second.program.process.wait(20), 0)
        self.assertIn(str(self.monitor.port), second.program.text())
        self.assertEqual(self.monitor.get("/healthz")[0], 200)


if __name__ == "__main__":
    main()
