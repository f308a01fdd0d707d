"""Adapters that are removed and come back while a monitor watches them."""

from host_program import IN_SECONDS, HostTest, main


class HotPlug(HostTest):
    SCRIPT = r"""
modprobe fakeib ndev=3 name=mlx5_
bond bond0 ib0 ib1
ip link set ib2 up
check "ib2 joins" wait_for 5 carrier ib2
monitor
check "all is well" wait_for 20 verdict ok
timed() { local from=$(microseconds); "$@"; echo $(($(microseconds) - from)); }
unplug() { echo "del $1" > $DBG/hotplug; }
timed unplug 0 > $OUT/unplugged
check "it is gone" test ! -e $IB/mlx5_0
check "the monitor says so" wait_for 20 stands hca-removed
looks 2
keep removed
echo "add 0" > $DBG/hotplug
check "it is back" wait_for 5 active mlx5_0 1
ip link set ib0 master bond0
check "ib0 joins" wait_for 10 carrier ib0
check "the monitor sees it" wait_for 20 stands_not hca-removed
looks 1
echo 0x66 > $DBG/mlx5_0/1/lid
check "the monitor says that it is over" wait_for 20 verdict ok
looks 1
keep back

# Again and again, while the monitor looks and asks.
longest=0
for ((i = 0; i < 10; i++)); do
  took=$(timed unplug 2)
  [ "$took" -le $longest ] || longest=$took
  echo "add 2" > $DBG/hotplug
  sleep 0.3
done
echo $longest > $OUT/longest
check "the monitor runs" kill -0 $MONITOR
looks 2
echo 12 > $DBG/mlx5_2/1/event
looks 1
keep again
ip link set ib2 up
check "the monitor says that it is over" wait_for 20 stands_not host-port-down
kill $MONITOR
wait $MONITOR
check "it ends well" test $? = 0
ip link del bond0
check "unload" rmmod fakeib
"""

    def test_the_monitor_does_not_keep_an_adapter_from_being_removed(self):
        for name in ("unplugged", "longest"):
            self.assertLess(int(self.job.files[name]) / IN_SECONDS, 2, name)

    def test_a_removed_adapter_is_critical_with_its_leg_folded(self):
        said = self.assertAlarms("removed", ("hca-removed", "host:0x0002c90300f00000", "critical"))
        self.assertIn(("bond-degraded", "bond:bond0"), said.folded(), said)

    def test_the_returned_adapter_is_watched(self):
        said = self.said("back")
        self.assertEqual(said.metric('aftershock_host_events_total{event="lid_change",source="mlx5_0:1"}'), 1, said)
        self.assertEqual(len(said.events(kind="hca_removed", device="mlx5_0")), 1, said)
        self.assertEqual(len(said.events(kind="hca_added", device="mlx5_0")), 1, said)

    def test_so_it_is_after_ten_returns(self):
        said = self.said("again")
        self.assertEqual(said.metric('aftershock_host_events_total{event="pkey_change",source="mlx5_2:1"}'), 1, said)


if __name__ == "__main__":
    main()
