"""What the subnet administration thinks of a host, and whether it thinks at all."""

from host_program import IN_SECONDS, HostTest, main

# A bond over both switches, and an interface of its own with a child in another partition.
SETUP = r"""
modprobe fakeib ndev=3 name=mlx5_
bond bond0 ib0 ib1
echo "1 0x8001" > $DBG/mlx5_2/1/pkey
ip link add link ib2 name ib2.8001 type ipoib pkey 0x8001
ip link set ib2 up
ip link set ib2.8001 up
check "ib2 joins" wait_for 5 carrier ib2
check "ib2.8001 joins" wait_for 5 carrier ib2.8001
"""


class Forgotten(HostTest):
    SCRIPT = SETUP + r"""
check_host healthy
echo 1 > $DBG/mlx5_0/1/sa_forget
check_host active
check "the kernel keeps its carrier" carrier ib0
rejoin mlx5_0
check "joined again" wait_for 10 member ib0
echo 1 > $DBG/mlx5_1/1/sa_forget
check_host standby --window 0s
rejoin mlx5_1
check "joined again" wait_for 10 member ib1
echo 1 > $DBG/mlx5_2/1/sa_forget
check_host child --window 0s
echo 1 > $DBG/mlx5_0/1/sa_forget
echo 1 > $DBG/mlx5_1/1/sa_forget
check_host all --window 0s
cat $DBG/umad_sent > $OUT/sent
"""

    def test_a_healthy_host_is_ok_and_nothing_is_said(self):
        said = self.assertAlarms("healthy")
        self.assertEqual(said.findings, [], said)

    def test_a_member_that_the_sa_forgot_is_critical_though_the_kernel_has_carrier(self):
        self.assertAlarms("active", ("ipoib-not-member", "interface:ib0", "critical"))

    def test_a_forgotten_standby_leg_is_found_before_it_is_needed(self):
        said = self.assertAlarms("standby", ("ipoib-not-member", "interface:ib1", "critical"))
        self.assertEqual(said.folded().get(("bond-standby-dead", "bond:bond0")), "ipoib-not-member interface:ib1", said)

    def test_each_partition_of_a_port_is_asked_for(self):
        self.assertAlarms("child", ("ipoib-not-member", "interface:ib2", "critical"),
                          ("ipoib-not-member", "interface:ib2.8001", "critical"))

    def test_all_that_are_forgotten_are_named(self):
        self.assertAlarms("all", *(("ipoib-not-member", "interface:" + name, "critical")
                                   for name in ("ib0", "ib1", "ib2", "ib2.8001")))

    def test_every_mad_that_left_was_a_get(self):
        lines = [line for line in self.job.files["sent"].splitlines() if line.startswith("aftershock")]
        self.assertTrue(lines)
        self.assertEqual({line.split(" method ")[1].split()[0] for line in lines} - {"0x01", "0x12"}, set(), lines)


class Silent(HostTest):
    SCRIPT = SETUP + r"""
echo 0x0200 > $DBG/sa_status
check_host refused
echo 0 > $DBG/sa_status
echo 1 > $DBG/sa_drop
check_in_time silent
echo 1 > $DBG/sm_silent
check_in_time dead
echo 0 > $DBG/sa_drop
check_host sm
echo 0 > $DBG/sm_silent
echo 2 > $DBG/sm_state
check_host standby --window 0s
echo 3 > $DBG/sm_state
echo 300 > $DBG/sa_delay_ms
check_host late --window 0s
echo 0 > $DBG/sa_delay_ms
check_host again --window 0s
"""

    def port(self, hca):
        return "link:0x0002c90300f000%x0/1" % hca

    def assertSilent(self, name, word):
        said = self.assertVerdict(name, "unknown")
        self.assertEqual({alarm[0] for alarm in said.alarms()}, {"sa-silent"}, said)
        self.assertEqual({alarm[2] for alarm in said.alarms()}, {"unknown"}, said)
        text = str([f["evidence"] for f in said.findings])
        self.assertIn(word, text, said)
        return said, text

    def test_an_sa_that_does_not_answer_is_unknown_and_not_green(self):
        said, text = self.assertSilent("silent", "timeout")
        self.assertNotIn("refused", text, said)

    def test_an_sa_that_refuses_is_told_apart_from_a_silent_one(self):
        said, text = self.assertSilent("refused", "refused")
        self.assertIn("0x0200", text, said)
        self.assertNotIn("timeout", text, said)

    def test_a_dead_sm_and_sa_are_unknown(self):
        self.assertSilent("dead", "SM at LID 1")

    def test_a_silent_sm_behind_an_sa_that_answers_is_unknown(self):
        said, text = self.assertSilent("sm", "SM at LID 1")
        self.assertNotIn("membership", text, said)

    def test_one_dead_manager_is_one_finding(self):
        for name in ("silent", "dead", "sm", "refused"):
            said = self.said(name)
            self.assertEqual(len(said.alarms()), 1, said)

    def test_check_answers_within_five_seconds_whatever_is_silent(self):
        for name in ("silent", "dead"):
            took = [[int(n) / IN_SECONDS for n in line.split()] for line in self.job.files[name + ".took"].splitlines()]
            self.assertLess(min(all - startup for all, startup in took), 5, took)

    def test_an_sm_that_is_no_master_is_critical(self):
        said = self.assertVerdict("standby", "critical")
        self.assertEqual({alarm[0] for alarm in said.alarms()}, {"ipoib-sm-not-master"}, said)

    def test_a_late_answer_is_an_answer(self):
        self.assertAlarms("late")

    def test_all_is_well_when_the_sa_is_back(self):
        self.assertAlarms("again")


if __name__ == "__main__":
    main()
