"""Interfaces that work so far: below their group's rate or MTU, with a queue that stopped, and adapters nobody uses."""

from host_program import HostTest, main

TWO = r"""
modprobe fakeib ndev=2 name=mlx5_
ip link set ib0 up
ip link set ib1 up
check "ib0 joins" wait_for 5 carrier ib0
check "ib1 joins" wait_for 5 carrier ib1
relink() {
  echo 0 > $DBG/mlx5_0/1/link
  echo 1 > $DBG/mlx5_0/1/link
}
joins_fail() { dmesg | grep 'ib0: multicast join failed'; }
"""


class Group(HostTest):
    SCRIPT = TWO + r"""
echo "1 1" > $DBG/mlx5_0/1/rate
check_host slow --window 0s
rejoin mlx5_0
check "the SA refuses it" wait_for 5 joins_fail
check "ib0 keeps its carrier" carrier ib0
check_host slow_reregistered --window 0s
relink
check "ib0 has no carrier" wait_for 3 no_carrier ib0
sleep 1
check_host slow_relinked
echo "2 32" > $DBG/mlx5_0/1/rate
relink
check "ib0 is back" wait_for 20 carrier ib0

echo "0xffff mtu 3" > $DBG/sa_groups
check_host mtu --window 0s
echo "0xffff mtu 4" > $DBG/sa_groups
echo 3 > $DBG/mlx5_0/1/mtu
relink
sleep 1
check "ib0 has no carrier" no_carrier ib0
check_host port_mtu --window 0s
echo 4 > $DBG/mlx5_0/1/mtu
relink
check "ib0 is back" wait_for 20 carrier ib0
check_host healthy
"""

    def test_a_port_slower_than_the_group_is_found_while_it_is_still_a_member(self):
        self.assertAlarms("slow", ("ipoib-rate-below-group", "interface:ib0", "warning"))

    def test_it_is_found_after_a_refused_registration_that_left_the_carrier_on(self):
        self.assertAlarms("slow_reregistered", ("ipoib-rate-below-group", "interface:ib0", "warning"))

    def test_without_carrier_it_is_critical_and_the_rate_is_the_cause(self):
        said = self.assertAlarms("slow_relinked", ("ipoib-rate-below-group", "interface:ib0", "critical"))
        self.assertEqual(said.folded(), {("ipoib-no-carrier", "interface:ib0"): "ipoib-rate-below-group interface:ib0"},
                         said)

    def test_a_group_that_carries_less_than_the_interfaces_send_is_a_warning_for_each(self):
        self.assertAlarms("mtu", ("ipoib-mtu-mismatch", "interface:ib0", "warning"),
                          ("ipoib-mtu-mismatch", "interface:ib1", "warning"))

    def test_a_port_that_cannot_join_for_its_mtu_is_critical(self):
        said = self.assertVerdict("port_mtu", "critical")
        self.assertEqual({alarm[1] for alarm in said.alarms()}, {"interface:ib0"}, said)

    def test_put_right_all_is_well(self):
        self.assertEqual(self.assertAlarms("healthy").findings, [])


class Queue(HostTest):
    SCRIPT = TWO + r"""
peer ib1 10.1.0.2/24
ip addr add 10.1.0.1/24 dev ib0
check "ping" wait_for 5 ping -c 1 -W 1 10.1.0.2
send() { for ((i = 0; i < $1; i++)); do echo > /dev/udp/10.1.0.2/9; done 2> /dev/null; }
monitor
send 300
check_host busy
echo 1 > $DBG/mlx5_0/1/stall
send 100
check_host room
send 300
check "the monitor says so" wait_for 8 stands ipoib-tx-stalled
keep monitored
check_host stalled
echo 0 > $DBG/mlx5_0/1/stall
check "ping" wait_for 5 ping -c 1 -W 1 10.1.0.2
check_host released
check "the monitor says that it is over" wait_for 25 verdict ok
"""

    def test_a_queue_that_is_busy_is_well(self):
        self.assertEqual(self.assertAlarms("busy").findings, [])

    def test_a_queue_that_stopped_is_critical_by_check_and_monitor(self):
        for name in ("stalled", "monitored"):
            self.assertAlarms(name, ("ipoib-tx-stalled", "interface:ib0", "critical"))

    def test_a_queue_that_moves_again_is_well(self):
        self.assertAlarms("released")


class Unused(HostTest):
    SCRIPT = r"""
modprobe fakeib ndev=2 name=mlx5_
check_host idle --window 0s
echo 0 > $DBG/mlx5_1/1/link
check_host one_cable --window 0s
echo 0 > $DBG/mlx5_0/1/link
check_host no_cable --window 0s
rmmod fakeib
check_host nothing --window 0s
"""

    def test_adapters_without_interfaces_that_are_up_are_well(self):
        self.assertEqual(self.assertAlarms("idle").findings, [])
        self.assertEqual(self.assertAlarms("one_cable").findings, [])

    def test_adapters_that_nobody_uses_and_nobody_cabled_are_well(self):
        self.assertAlarms("no_cable")

    def test_without_adapters_there_is_nothing_to_say(self):
        said = self.assertAlarms("nothing")
        self.assertIn("no InfiniBand", self.job.files["nothing.err"])


if __name__ == "__main__":
    main()
