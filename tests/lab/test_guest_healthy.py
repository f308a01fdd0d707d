"""A host that is well, with events that heal by themselves, is silent."""

from host_program import HostTest, main


class Healthy(HostTest):
    SCRIPT = r"""
modprobe fakeib ndev=2 name=mlx5_
bond bond0 ib0 ib1
ip addr add 10.1.0.1/24 dev bond0
wait_for 5 active_leg bond0 ib0
monitor
check "all is well" wait_for 20 verdict ok
echo > $DBG/umad_sent
end=$(($(microseconds) + 60000000))
while [ "$(microseconds)" -lt $end ]; do
  # What heals by itself: events of the manager, and a cable that is out for a moment once.
  for event in 11 13 17; do echo $event > $DBG/mlx5_0/1/event; done
  sleep 4
done
echo 0 > $DBG/mlx5_1/1/link
echo 1 > $DBG/mlx5_1/1/link
looks 4
keep healthy
cp $OUT/monitor.log $OUT/log
cat $DBG/umad_sent > $OUT/sent
"""

    def test_a_healthy_host_is_ok_all_the_time(self):
        said = self.assertAlarms("healthy")
        log = self.job.files["log"]
        after = log[log.rindex("the verdict is ok"):]
        self.assertNotIn("found:", after, said)
        self.assertLessEqual(log.count("the verdict is ok"), 2, log)
        self.assertNotIn("ipoib", log)

    def test_its_events_are_counted(self):
        said = self.said("healthy")
        for kind in ("sm_change", "lid_change", "client_reregister"):
            series = 'aftershock_host_events_total{event="%s",source="mlx5_0:1"}' % kind
            self.assertGreaterEqual(said.metric(series), 10, said)

    def test_a_port_sends_at_most_one_mad_a_second_and_nothing_but_get(self):
        lines = [line for line in self.job.files["sent"].splitlines() if line.startswith("aftershock")]
        self.assertTrue(lines)
        self.assertEqual({line.split(" method ")[1].split()[0] for line in lines}, {"0x01"}, lines)
        for hca in ("mlx5_0", "mlx5_1"):
            sent = sum(int(line.rpartition(" ")[2]) for line in lines if line.split()[1] == hca)
            self.assertLessEqual(sent, 70, lines)


if __name__ == "__main__":
    main()
