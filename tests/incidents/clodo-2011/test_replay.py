"""Clodo 2011: one switch of a pair excluded, tested before, verified after; hours later the disks were gone.

The story is in README.md.
"""

import json

from host_program import HostTest, main

# Two hosts on one kernel: this one, with a bond over both switches, and a peer at sw1. A monitor asks the SA about each
# port once a minute, at a second that the port's GUID chooses. That of the leg that takes over, mlx5_0's fourth port, is
# 31 of this guest's time, which begins at 9: the turn after the monitor's first look comes about a minute after its start.
# The same night without the fault is played meanwhile.
NIGHT = r"""
modprobe fakeib ndev=2 nports=4 name=mlx5_
bond bond0 ib0 ib3 # at sw0 and sw1
ip addr add 10.1.0.1/24 dev bond0
peer ib4 10.1.0.2/24
check "ib0 carries" wait_for 5 active_leg bond0 ib0
# The kernel forgets neighbours that nobody talks to; what it does within minutes takes seconds here.
sysctl -qw net.ipv4.neigh.default.gc_thresh1=0 net.ipv4.neigh.default.base_reachable_time_ms=1000

config 'host: {interval: 2s}
journal: /tmp/journal.db
rules: {baseline-missing: {stable_seconds: 1}}'
program() { inhost "${PROGRAM[@]}" "$@"; }
open() { program window open --title "sw0 out" --scope host:$(hostname) --verify 2s --soak 2s; }
gate_is() { # WINDOW CODE
  program gate $1 --format json > /tmp/gate
  [ $? = $2 ]
}
reaches() { in_peer ping -c 1 -W 1 10.1.0.1 > /tmp/ping; }
naive() { # NAME: what was looked at that night
  {
    inhost ibstat mlx5_0 4 | grep -q 'State: Active' && echo "ibstat green"
    reaches && echo "ping green"
    grep -hqv '^0$' $IB/mlx5_0/ports/4/counters/{symbol_error,link_downed,port_rcv_errors,port_xmit_discards} ||
      echo "counters green"
  } > "$OUT/$1"
}
exclude() {
  echo 0 > $DBG/switch0/power
  check "ib3 takes over" wait_for 5 active_leg bond0 ib3
  check "the peer reaches this host by sw1" wait_for 5 reaches
}

monitor
check "the monitor has a baseline" wait_for 40 program baseline show
check "the peer reaches this host" wait_for 5 reaches
check "all is well" wait_for 90 verdict ok

check "a window opens" open
exclude
echo 1 > $DBG/switch0/power
check "ib0 is back" wait_for 10 carrier ib0
check "the window closes" program window close w1
check "the gate says go" wait_for 90 gate_is w1 0
cp /tmp/gate "$OUT/healthy.json"

check "another window opens" open
naive before
exclude
echo 2 > $DBG/mlx5_0/4/sa_forget
forgotten=$(microseconds)
naive after
check_host at_once
ip netns exec peer ping -i 0.5 10.1.0.1 > /dev/null &
traffic=$!
check "the window closes" program window close w2
check "the monitor sees it" wait_for 150 stands ipoib-not-member
seen=$(microseconds)
check "the gate says no" wait_for 30 gate_is w2 2
cp /tmp/gate "$OUT/gate.json"
said=$(microseconds)
naive while_the_gate_says_no
kill $traffic

# Nobody talks for a while, and the next question is asked by multicast.
in_peer sysctl -qw net.ipv4.neigh.ib4.gc_stale_time=1 net.ipv4.neigh.ib4.delay_first_probe_time=0 \
  net.ipv4.neigh.ib4.base_reachable_time_ms=1000
aged() { [ -z "$(in_peer ip neigh show 10.1.0.1)" ]; }
check "the peer's entry ages" wait_for 60 aged
reaches && echo "ping still works" > $OUT/late
failed=$(microseconds)
echo "$((seen - forgotten)) $((said - seen)) $((failed - said))" > $OUT/times
"""


class Night(HostTest):
    """A switch is excluded two times: once all is well, once the membership of the leg that took over is silently gone."""

    LIMIT = 300
    SCRIPT = NIGHT
    GREEN = ["ibstat green", "ping green", "counters green"]

    def lines(self, name):
        return self.job.files[name].splitlines()

    def test_the_same_night_without_the_fault_passes(self):
        gate = json.loads(self.job.files["healthy.json"])
        self.assertEqual((gate["exit_code"], gate["state"], gate["because"]), (0, "passed", []), gate)

    def test_what_was_looked_at_that_night_is_green_before_and_after(self):
        self.assertEqual(self.lines("before"), self.GREEN, self.job)
        self.assertEqual(self.lines("after"), self.GREEN, self.job)

    def test_a_check_by_hand_says_at_once_what_the_nights_checks_did_not(self):
        said = self.assertVerdict("at_once", "critical")
        self.assertIn(("ipoib-not-member", "interface:ib3", "critical"), said.alarms(), said)

    def test_the_gate_says_no_while_ping_still_works(self):
        gate = json.loads(self.job.files["gate.json"])
        self.assertEqual((gate["exit_code"], gate["state"]), (2, "failed"), gate)
        self.assertTrue(any("ipoib-not-member interface:ib3" in line for line in gate["because"]), gate)
        self.assertEqual(self.lines("while_the_gate_says_no"), self.GREEN, self.job)

    def test_ping_fails_when_the_neighbour_entries_have_aged(self):
        self.assertNotIn("late", self.job.files)
        seen, said, lead = (int(n) / 1e6 for n in self.job.files["times"].split())
        print("the monitor saw it %.1f s after the membership was gone, at the port's turn to ask the SA; the gate said no "
              "%.1f s later, %.1f s before ping failed, where neighbours age in seconds" % (seen, said, lead))
        self.assertGreater(lead, 0)


if __name__ == "__main__":
    main()
