"""Clodo 2011: one switch of a pair excluded, tested before, verified after; hours later the disks were gone.

The story is in README.md.
"""

import json

from host_program import HostTest, main

# Two hosts on one kernel: this one, with a bond over both switches, and a peer.
NIGHT = r"""
modprobe fakeib ndev=3 name=mlx5_
echo "1 0" > $DBG/mlx5_2/1/switch # the peer hangs on the switch that stays
bond bond0 ib0 ib1
ip addr add 10.1.0.1/24 dev bond0
peer ib2 10.1.0.2/24
check "ib0 carries" wait_for 5 active_leg bond0 ib0

config 'host: {interval: 3s}
journal: /tmp/journal.db
rules: {baseline-missing: {stable_seconds: 1}}'
window() { inhost "${PROGRAM[@]}" window "$@"; }
gate_is() { # CODE
  inhost "${PROGRAM[@]}" gate w1 --format json > /tmp/gate
  [ $? = $1 ]
}
reaches() { in_peer ping -c 1 -W 1 10.1.0.1 > /tmp/ping; }
naive() { # NAME: what was looked at that night
  {
    inhost ibstat mlx5_1 | grep -q 'State: Active' && echo "ibstat green"
    reaches && echo "ping green"
    cat $IB/mlx5_1/ports/1/counters/{symbol_error,link_downed,port_rcv_errors,port_xmit_discards} | grep -qv '^0$' ||
      echo "counters green"
  } > "$OUT/$1"
}

monitor
check "the monitor has a baseline" wait_for 40 inhost "${PROGRAM[@]}" baseline show
check "the peer reaches this host" wait_for 5 reaches
check "the window opens" window open --title "sw0 out" --scope host:$(hostname) --verify 2s --soak 2s
naive before
echo 0 > $DBG/switch0/power
check "ib1 takes over" wait_for 5 active_leg bond0 ib1
check "the peer reaches this host by sw1" wait_for 5 reaches
"""


class Night(HostTest):
    """The membership of the leg that took over is silently gone."""

    LIMIT = 300
    SCRIPT = NIGHT + r"""
echo 2 > $DBG/mlx5_1/1/sa_forget
naive after
check_host at_once
forgotten=$(microseconds)
ip netns exec peer ping -i 0.5 10.1.0.1 > /dev/null &
traffic=$!
window close w1
# The SA is asked once a minute for each port.
seen() { sleep 2; stands ipoib-not-member; }
check "the monitor sees it" wait_for 150 seen
check "the gate says no" wait_for 30 gate_is 2
cp /tmp/gate "$OUT/gate.json"
said=$(microseconds)
naive while_the_gate_says_no
kill $traffic

# Nobody talks for a while; the neighbour entry ages, which takes minutes on a usual Linux host and seconds here, and the
# next question is asked by multicast.
sysctl -qw net.ipv4.neigh.default.gc_thresh1=0 net.ipv4.neigh.default.base_reachable_time_ms=1000
in_peer sysctl -qw net.ipv4.neigh.ib2.gc_stale_time=1 net.ipv4.neigh.ib2.delay_first_probe_time=0 \
  net.ipv4.neigh.ib2.base_reachable_time_ms=1000
aged() { [ -z "$(in_peer ip neigh show 10.1.0.1)" ]; }
check "the peer's entry ages" wait_for 60 aged
reaches && echo "ping still works" > $OUT/late
failed=$(microseconds)
echo "$((said - forgotten)) $((failed - said))" > $OUT/times
"""
    GREEN = ["ibstat green", "ping green", "counters green"]

    def lines(self, name):
        return self.job.files[name].splitlines()

    def test_what_was_looked_at_that_night_is_green_before_and_after(self):
        self.assertEqual(self.lines("before"), self.GREEN, self.job)
        self.assertEqual(self.lines("after"), self.GREEN, self.job)

    def test_a_check_by_hand_says_at_once_what_the_nights_checks_did_not(self):
        said = self.assertVerdict("at_once", "critical")
        self.assertIn(("ipoib-not-member", "interface:ib1", "critical"), said.alarms(), said)

    def test_the_gate_says_no_while_ping_still_works(self):
        gate = json.loads(self.job.files["gate.json"])
        self.assertEqual((gate["exit_code"], gate["state"]), (2, "failed"), gate)
        self.assertTrue(any("ipoib-not-member interface:ib1" in line for line in gate["because"]), gate)
        self.assertEqual(self.lines("while_the_gate_says_no"), self.GREEN, self.job)

    def test_ping_fails_when_the_neighbour_entries_have_aged(self):
        self.assertNotIn("late", self.job.files)
        found, lead = (int(n) / 1e6 for n in self.job.files["times"].split())
        print("the gate said no %.1f s after the membership was gone, and %.1f s before ping failed" % (found, lead))
        self.assertGreater(lead, 0)


class SameNightWithoutTheFault(HostTest):
    SCRIPT = NIGHT + r"""
echo 1 > $DBG/switch0/power
check "ib0 is back" wait_for 10 carrier ib0
window close w1
check "the gate says go" wait_for 90 gate_is 0
cp /tmp/gate "$OUT/gate.json"
"""

    def test_the_window_passes(self):
        self.assertEqual(json.loads(self.job.files["gate.json"])["state"], "passed")


if __name__ == "__main__":
    main()
