"""Where less can be seen: an ordinary user, no sysfs or one without devices."""

from host_program import HostTest, main

ONE = r"""
modprobe fakeib ndev=2 name=mlx5_
bond bond0 ib0 ib1
ip addr add 10.1.0.1/24 dev bond0
"""


class Denied(HostTest):
    SCRIPT = ONE + r"""
echo 1 > /proc/sys/kernel/dmesg_restrict
AS=(setpriv --reuid=65534 --regid=65534 --clear-groups)
check_host user
echo 0 > $DBG/mlx5_1/1/link
check "ib1 has no carrier" wait_for 3 no_carrier ib1
check_host user_unplugged --window 0s
monitor
keep user_monitor
kill $MONITOR
wait $MONITOR
check "it ends well" test $? = 0
AS=()
echo 1 > $DBG/mlx5_1/1/link
check "ib1 is back" wait_for 5 carrier ib1
sleep 0.3
check_host root --window 0s
"""

    def test_what_an_ordinary_user_may_not_see_is_unknown_with_the_reason_and_the_rest_is_seen(self):
        said = self.assertAlarms("user", ("host-not-visible", "host", "unknown"))
        evidence = {e["name"]: e["value"] for e in said.one("host-not-visible")["evidence"]}
        for part in ("cabling", "sm", "sa", "kernel_log"):
            self.assertIn("denied", evidence.get(part, ""), said)
        self.assertIn("CAP_SYSLOG", evidence["kernel_log"])
        self.assertIn("/dev/infiniband/umad", evidence["sa"])
        self.assertLessEqual(set(evidence), {"cabling", "sm", "sa", "kernel_log"}, said)
        self.assertEqual(self.job.files["user.err"], "")

    def test_an_ordinary_user_is_told_of_a_port_that_is_down(self):
        said = self.said("user_unplugged")
        self.assertEqual(said.faults(), [("host-port-down", "link:0x0002c90300f00010/1", "warning")], said)

    def test_so_is_a_monitor_of_an_ordinary_user(self):
        said = self.assertVerdict("user_monitor", "unknown")
        self.assertEqual(said.metric('aftershock_host_part_up{part="sa"}'), 0, said)
        self.assertEqual(said.metric('aftershock_host_part_up{part="interfaces"}'), 1, said)

    def test_root_sees_it_all(self):
        self.assertEqual(self.assertAlarms("root").findings, [])


class NoSysfs(HostTest):
    SCRIPT = ONE + r"""
mkdir -p /tmp/empty /tmp/devices/class/infiniband /tmp/devices/class/net /tmp/devices/bus/pci/devices
config 'host: {sysfs: /tmp/empty}'
check_host empty --window 0s
config 'host: {sysfs: /tmp/no/such/folder}'
check_host missing --window 0s
config 'host: {sysfs: /tmp/devices}'
check_host devices --window 0s
config '{}'
check "sysfs is read-only" mount -o remount,ro /nr/sys
check "so it is for programs" fails inhost sh -c 'echo > /sys/class/net/ib0/mtu'
check_host read_only --window 0s
ip link del bond0
modprobe -r fakeib
config 'host: {sysfs: /tmp/empty}'
check_host nothing --window 0s
"""

    def test_without_sysfs_the_interfaces_that_are_there_are_not_green(self):
        for name in ("empty", "missing", "devices"):
            said = self.assertVerdict(name, "unknown")
            self.assertIn(("host-not-visible", "host", "unknown"), said.alarms(), said)

    def test_a_read_only_sysfs_is_enough(self):
        self.assertEqual(self.assertAlarms("read_only").findings, [])

    def test_without_sysfs_and_interfaces_there_is_no_telling_whether_there_is_infiniband(self):
        self.assertVerdict("nothing", "unknown")


if __name__ == "__main__":
    main()
