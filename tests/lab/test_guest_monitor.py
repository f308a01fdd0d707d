"""A running monitor while things happen: a failover, a cable that flaps, a manager that moves, a clock that is set."""

from host_program import HostTest, main, seconds_between

BOND = r"""
modprobe fakeib ndev=2 name=mlx5_
bond bond0 ib0 ib1
ip addr add 10.1.0.1/24 dev bond0
check "ib0 carries" wait_for 5 active_leg bond0 ib0
"""
PORT_0 = "link:0x0002c90300f00000/1"


class Failover(HostTest):
    SCRIPT = BOND + r"""
monitor
check "all is well" wait_for 20 verdict ok
keep before
echo 0 > $DBG/switch0/power
check "the monitor says so" wait_for 15 stands bond-degraded
keep failed_over
echo 1 > $DBG/switch0/power
check "the monitor says that it is over" wait_for 20 verdict ok
keep over

errors=$(($(cat $IB/mlx5_1/ports/1/counters/link_downed)))
for ((i = 0; i < 200; i++)); do
  echo 0 > $DBG/mlx5_1/1/link
  echo 1 > $DBG/mlx5_1/1/link
done
looks 1
keep flapped
check "ib1 is back" wait_for 20 carrier ib1
cat $DBG/umad_sent > $OUT/sent
check "the monitor runs" kill -0 $MONITOR
kill $MONITOR
wait $MONITOR
check "it ends well" test $? = 0
"""

    def test_a_healthy_bond_is_ok_with_both_switches_counted(self):
        said = self.assertAlarms("before")
        self.assertEqual(said.metric('aftershock_bond_live_switches{bond="bond0"}'), 2, said)
        self.assertEqual(said.metric('aftershock_ipoib_member{interface="ib1",pkey="0xffff"}'), 1, said)

    def test_a_failover_is_in_the_timeline_within_a_second_of_the_port_error_before_it(self):
        said = self.said("failed_over")
        (error,) = said.events(kind="port_err", device="mlx5_0", port=1)
        (active,) = said.events(kind="leg_active", interface="ib1")
        self.assertLess(error["sequence"], active["sequence"], said)
        self.assertGreaterEqual(seconds_between(error, active), 0, said)
        self.assertLess(seconds_between(error, active), 1, said)

    def test_a_failover_is_one_warning_that_remembers_two_switches(self):
        said = self.assertAlarms("failed_over", ("host-port-down", PORT_0, "warning"))
        self.assertIn(("bond-one-switch", "bond:bond0"), said.folded(), said)
        self.assertEqual(said.metric('aftershock_bond_live_switches{bond="bond0"}'), 1, said)

    def test_it_is_over_with_the_switch_back(self):
        self.assertAlarms("over")

    def test_of_200_flaps_none_is_lost(self):
        said = self.said("flapped")
        for kind in ("port_err", "port_active", "client_reregister"):
            series = 'aftershock_host_events_total{event="%s",source="mlx5_1:1"}' % kind
            self.assertEqual(said.metric(series), 200, said)
        numbers = [event["sequence"] for event in said.events()]
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + len(numbers))))

    def test_200_flaps_are_a_burst(self):
        said = self.said("flapped")
        self.assertIn(("hca-event-burst", "host:0x0002c90300f00010", "warning"), said.alarms(), said)

    def test_the_monitor_sends_nothing_but_get(self):
        lines = [line for line in self.job.files["sent"].splitlines() if line.startswith("aftershock")]
        self.assertTrue(lines)
        self.assertEqual({line.split(" method ")[1].split()[0] for line in lines} - {"0x01", "0x12"}, set(), lines)


class Moved(HostTest):
    SCRIPT = r"""
modprobe fakeib ndev=3 name=mlx5_
for i in ib0 ib1 ib2; do ip link set $i up; done
for i in ib0 ib1 ib2; do check "$i joins" wait_for 5 carrier $i; done
monitor
check "all is well" wait_for 20 verdict ok
date -s "@$(($(date +%s) - 7200))" > /dev/null
looks 3
keep set_back
get readyz /tmp/ready
check "ready" test $? = 0
date -s "@$(($(date +%s) + 7200))" > /dev/null
looks 3
keep set_forward

echo 9 > $DBG/sa_lid
for i in 1 2; do echo 9 > $DBG/mlx5_$i/1/sm_lid; done # told
echo 9 > $DBG/mlx5_0/1/sm_lid_silent                  # not told
check "the monitor says so" wait_for 10 stands ipoib-sm-stale
looks 2
keep silent
check "programs reach the manager at its new place" has SMINFO_MASTER <(sminfo -C mlx5_0)
echo 13 > $DBG/mlx5_0/1/event
check "the event that came late ends it" wait_for 10 stands_not ipoib-sm-stale
looks 2
keep told

echo 3 > $DBG/mlx5_1/1/sm_sl_silent
check "another service level is seen, too" wait_for 10 stands ipoib-sm-stale
keep service_level
echo 0 > $DBG/mlx5_1/1/sm_sl_silent
check "and that it is back" wait_for 10 stands_not ipoib-sm-stale
"""

    def test_a_manager_that_moved_without_an_event_is_stale_at_that_port_alone(self):
        said = self.said("silent")
        self.assertEqual(said.faults(), [("ipoib-sm-stale", PORT_0, "critical")], said)

    def test_a_manager_that_moved_with_its_event_is_no_fault(self):
        # Until its turn comes to be asked, a minute later at most, it is not known whether it is a master.
        said = self.said("told")
        self.assertEqual(said.faults(), [], said)
        for f in said.findings:
            self.assertIn("its turn has not come", str(f["evidence"]), said)

    def test_a_service_level_that_changed_without_an_event_is_stale(self):
        said = self.said("service_level")
        self.assertEqual(said.faults(), [("ipoib-sm-stale", "link:0x0002c90300f00010/1", "critical")], said)

    def test_the_wall_clock_may_be_set_back_and_forward(self):
        for name in ("set_back", "set_forward"):
            said = self.assertAlarms(name)
            self.assertEqual(said.metric('aftershock_status{scope="host",name="(none)",status="ok"}'), 1, said)


if __name__ == "__main__":
    main()
