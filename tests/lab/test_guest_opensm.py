"""The real OpenSM under a running monitor: stopped with SIGKILL, and started again."""

from host_program import HostTest, main


class OpenSm(HostTest):
    SCRIPT = r"""
modprobe fakeib ndev=2 sm=0
guid=$(sed 's/^fe80:0000:0000:0000:/0x/; s/://g' $IB/fakeib0/ports/1/gids/0)
start_sm() {
  opensm -g "$guid" -f /tmp/opensm.log > /tmp/opensm.out 2>&1 &
  SM=$!
}
up() { active fakeib0 1 && active fakeib1 1 && carrier ib0 && carrier ib1; }
is_master() { sminfo -t 100 | grep -q SMINFO_MASTER; }
ip link set ib0 up
ip link set ib1 up
check_host before --window 0s
start_sm
check "all ports are up" wait_for 30 up
check_host healthy
monitor
check "all is well" wait_for 20 verdict ok
kill -9 $SM
wait $SM 2> /dev/null
check_host killed
looks 2
keep meanwhile
start_sm
check "the SM is back" wait_for 30 is_master
check "all ports are up" wait_for 30 up
sleep 1
check_host again
looks 1
keep again
check "the monitor runs" kill -0 $MONITOR
kill $SM
wait $SM
"""

    def test_ports_that_wait_for_a_manager_are_critical(self):
        said = self.assertVerdict("before", "critical")
        self.assertEqual({alarm[0] for alarm in said.alarms()}, {"host-port-down"}, said)
        self.assertIn("Init", str(said.findings), said)

    def test_a_host_with_opensm_is_well(self):
        said = self.assertAlarms("healthy")
        self.assertEqual({m["info"]["state"] for m in said.json["host"].get("sms", [])} - {"MASTER"}, set(), said)

    def test_a_killed_opensm_is_unknown(self):
        said = self.assertVerdict("killed", "unknown")
        self.assertEqual({alarm[0] for alarm in said.alarms()}, {"sa-silent"}, said)

    def test_a_started_opensm_is_well_again(self):
        self.assertAlarms("again")
        self.assertEqual(self.said("again").faults(), [])


if __name__ == "__main__":
    main()
