"""A healthy fabric is green, and is only asked, never told."""

import lab
from program import BINARY, OK, LabTest, Monitor, judge, main

GET, GET_TABLE = 0x01, 0x12


class Healthy(LabTest):
    def assert_green(self, checked, nodes, ports):
        self.assertEqual((checked.code, checked.verdict, checked.alarms()), (OK, "ok", []), checked)
        self.assertEqual(checked.coverage["nodes"], {"expected": nodes, "answered": nodes, "unanswered": 0})
        self.assertEqual(checked.coverage["ports"]["answered"], ports)
        self.assertEqual(checked.coverage["ports"]["unanswered"], 0)

    def test_a_fabric_of_leaf_pairs_has_exit_code_0_and_nothing_above_a_note(self):
        self.assert_green(judge(self.fabric(), window="1s"), nodes=22, ports=96)

    def test_a_fat_tree_of_three_levels_has_exit_code_0_and_nothing_above_a_note(self):
        f = self.fabric(("--levels", "3", "--radix", "8"))
        self.assert_green(judge(f), nodes=len(f.nodes), ports=6 * len(f.hosts))

    def test_a_fabric_is_green_from_a_switch_as_well(self):
        f = self.fabric()
        self.assert_green(judge(f, at=f.named("spine01")), nodes=22, ports=96)

    def test_two_sweeps_at_once_do_not_disturb_each_other(self):
        f = self.fabric()
        Monitor(f).wait_ready()
        self.assert_green(judge(f, at=f.hosts[1]), nodes=22, ports=96)

    def test_a_second_monitor_of_the_fabric_on_this_machine_is_noticed_and_named(self):
        f = self.fabric()
        first = Monitor(f).wait_ready()
        second = Monitor(f, at=f.hosts[1]).wait_ready()
        for monitor in (first, second):
            monitor.wait("the other one is named", lambda m=monitor: "watches the same fabric" in m.program.text())

    def test_a_check_and_a_monitor_send_get_and_get_table_alone(self):
        f = self.fabric()
        report = f.path("mads.txt")
        self.assertEqual(judge(f, window="1s", tap={"report": report}).code, OK)
        monitor = Monitor(f, tap={"report": report}).wait_ready()
        f.unlink(f.named("spine01"), 3)
        f.counter(f.named("spine01"), 1, PortRcvErrors=5, PortXmitDiscards=7)
        monitor.wait_sweeps(4)
        monitor.program.stop()
        mads = lab.Mads(report)
        self.assertEqual(len(mads.totals), 2)
        self.assertGreater(mads.sent, 1000)
        self.assertLessEqual(mads.methods, {GET, GET_TABLE})

    def test_a_node_is_asked_one_thing_at_a_time(self):
        f = self.fabric()
        report = f.path("mads.txt")
        judge(f, tap={"report": report, "latency": 100, "service": 25})
        self.assertEqual(lab.Mads(report).totals[0]["peak_per_node"], 1)

    def test_json_goes_to_standard_output_alone_and_nothing_to_a_pipe_beside_it(self):
        f = self.fabric()
        done = f.run([BINARY, "sweep", "--format", "json"])
        self.assertEqual(done.returncode, OK, done.stderr)
        self.assertTrue(done.stdout.startswith("{"), done.stdout[:80])
        self.assertNotIn("\r", done.stderr)


if __name__ == "__main__":
    main()
