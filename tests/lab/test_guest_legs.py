"""Bonds, and what stands behind their legs: each of the two switches, cables, and legs that only look alive."""

from host_program import HostTest, main

BOND = r"""
modprobe fakeib ndev=3 name=mlx5_
bond bond0 ib0 ib1
ip addr add 10.1.0.1/24 dev bond0
peer ib2 10.1.0.2/24
check "ib0 carries" wait_for 5 active_leg bond0 ib0
"""
EXPECT_TWO = "config 'host: {interval: 2s, expect: {bond_switches: {bond0: 2}}}'\n"

PORT_0 = "link:0x0002c90300f00000/1"
PORT_1 = "link:0x0002c90300f00010/1"


class Switches(HostTest):
    SCRIPT = BOND + EXPECT_TWO + r"""
check_host healthy --window 0s
echo 0 > $DBG/switch0/power
check "ib1 takes over" wait_for 3 active_leg bond0 ib1
check_host without_0
echo 1 > $DBG/switch0/power
check "ib0 is back" wait_for 5 carrier ib0
check_host back_0 --window 0s
echo 0 > $DBG/switch1/power
check "ib0 takes over" wait_for 3 active_leg bond0 ib0
check_host without_1
echo 0 > $DBG/switch0/power
check "nothing is left" wait_for 3 no_carrier bond0
check_host without_both --window 0s
echo 1 > $DBG/switch0/power
echo 1 > $DBG/switch1/power
check "ib0 is back" wait_for 10 carrier ib0
check "ib1 is back" wait_for 10 carrier ib1
echo 1 > $DBG/switch0/mute
check_host mute_expected
config 'host: {interval: 2s}'
check_host mute
"""

    def assertOneLegLost(self, name, port):
        said = self.assertAlarms(name, ("host-port-down", port, "warning"))
        cause = "host-port-down " + port
        self.assertEqual(said.folded(), {("bond-degraded", "bond:bond0"): cause,
                                         ("bond-one-switch", "bond:bond0"): cause,
                                         ("bond-standby-dead", "bond:bond0"): cause}, said)

    def test_a_healthy_bond_over_two_switches_is_as_expected(self):
        self.assertEqual(self.assertAlarms("healthy").findings, [])

    def test_the_active_legs_switch_taken_out_is_one_warning_with_the_rest_folded(self):
        self.assertOneLegLost("without_0", PORT_0)

    def test_the_standby_legs_switch_taken_out_is_one_warning_with_the_rest_folded(self):
        self.assertOneLegLost("without_1", PORT_1)

    def test_the_switch_put_back_ends_it(self):
        self.assertEqual(self.assertAlarms("back_0").findings, [])

    def test_without_both_switches_the_host_is_cut_off_and_critical(self):
        said = self.assertVerdict("without_both", "critical")
        self.assertEqual({alarm[0] for alarm in said.alarms()}, {"host-port-down"}, said)

    def test_where_a_mute_switch_keeps_silent_whether_there_are_two_is_unknown(self):
        self.assertAlarms("mute_expected", ("bond-one-switch", "bond:bond0", "unknown"))

    def test_a_mute_switch_is_no_fault_of_a_host_that_expects_nothing_of_it(self):
        self.assertAlarms("mute")


class Legs(HostTest):
    SCRIPT = BOND + r"""
echo 0 > $DBG/mlx5_1/1/link
check_host unplugged --window 0s
echo 1 > $DBG/mlx5_1/1/link
check "ib1 is back" wait_for 5 carrier ib1

echo "0 0" > $DBG/mlx5_1/1/switch
check "ib1 is back" wait_for 5 carrier ib1
sleep 0.3 # for miimon
check_host one_switch --window 0s
""" + EXPECT_TWO + r"""
check_host one_switch_expected --window 0s
echo "1 0" > $DBG/mlx5_1/1/switch
check "ib1 is back" wait_for 5 carrier ib1

config 'host: {probes: [{peer: 10.1.0.2, interface: bond0}]}'
check "the peer lives" wait_for 5 ping -c 1 -W 1 10.1.0.2
in_peer ip neigh > $OUT/before
check_host probed
in_peer ip neigh > $OUT/after
echo 100 > $DBG/mlx5_1/1/drop_pct
check "ib1 keeps its carrier" carrier ib1
check_host deaf
echo 0 > $DBG/mlx5_1/1/drop_pct

config '{}'
ip link set ib1 down
check_host taken_down --window 0s
ip link set ib1 up
check "ib1 is back" wait_for 5 carrier ib1
sleep 0.3
echo 0 > /sys/class/net/bond0/bonding/miimon
check_host blind --window 0s
"""

    def test_an_unplugged_standby_leg_is_a_warning_with_the_bond_folded_under_the_port(self):
        said = self.assertAlarms("unplugged", ("host-port-down", PORT_1, "warning"))
        self.assertIn(("bond-standby-dead", "bond:bond0"), said.folded(), said)

    def test_both_legs_at_one_switch_are_a_note(self):
        said = self.assertAlarms("one_switch")
        self.assertEqual(said.notes(), [("bond-one-switch", "bond:bond0")], said)

    def test_both_legs_at_one_switch_are_a_warning_where_two_are_expected(self):
        self.assertAlarms("one_switch_expected", ("bond-one-switch", "bond:bond0", "warning"))

    def test_probes_over_healthy_legs_find_nothing_and_change_no_neighbour_table(self):
        said = self.assertAlarms("probed")
        self.assertEqual(said.findings, [])
        neighbours = lambda name: {line.rpartition(" ")[0] for line in self.job.files[name].splitlines()}
        self.assertEqual(neighbours("before"), neighbours("after"))

    def test_a_standby_leg_that_hears_nothing_is_dead_though_it_has_carrier(self):
        # The port counts what is dropped as receive errors.
        self.assertAlarms("deaf", ("bond-standby-dead", "bond:bond0", "critical"), ("port-counters", PORT_1, "warning"))

    def test_a_standby_leg_that_was_taken_down_is_a_degraded_bond(self):
        said = self.assertAlarms("taken_down", ("bond-degraded", "bond:bond0", "warning"))
        self.assertEqual(set(said.folded()), {("bond-standby-dead", "bond:bond0")}, said)

    def test_a_bond_that_does_not_watch_its_legs_is_a_warning(self):
        self.assertAlarms("blind", ("bond-settings", "bond:bond0", "warning"))


class OtherNames(HostTest):
    SCRIPT = r"""
modprobe fakeib ndev=4 nports=2 name=ibp3s0_ swports=12
for i in 0 1 2 3; do for p in 1 2; do echo "1 0x9234" > $DBG/ibp3s0_$i/$p/pkey; done; done
ip link set ib0 name storage-a
ip link set ib3 name storage-b
ip link add link storage-a name stor.9234 type ipoib pkey 0x9234
ip link add link storage-b name spare.9234 type ipoib pkey 0x9234
bond storage stor.9234 spare.9234
bond second ib4 ib5
check_host healthy
cp $OUT/healthy.json /tmp/h
echo 1 > $DBG/ibp3s0_1/2/sa_forget
check_host forgotten
rejoin_port() { echo 17 > $DBG/$1/$2/event; }
rejoin_port ibp3s0_1 2
check "joined again" wait_for 10 member spare.9234
echo 0 > $DBG/switch1/power
check "carrier is lost" wait_for 3 no_carrier ib5
check_host without_1
"""

    def test_bonds_over_children_in_another_partition_are_healthy(self):
        said = self.assertAlarms("healthy")
        self.assertEqual(said.notes(), [("bond-one-switch", "bond:storage")], said)

    def test_their_legs_are_asked_for_in_their_own_group(self):
        said = self.assertAlarms("forgotten", ("ipoib-not-member", "interface:spare.9234", "critical"))
        self.assertIn("ff12:401b:9234:", str(said.one("ipoib-not-member")["evidence"]), said)

    def test_a_switch_taken_out_is_told_for_each_port_that_needs_it(self):
        said = self.assertVerdict("without_1", "warning")
        self.assertEqual({alarm[0] for alarm in said.alarms()}, {"host-port-down"}, said)


if __name__ == "__main__":
    main()
