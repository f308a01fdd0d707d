"""What changes on a host against its baseline: a monitor with a journal, on a guest's kernel."""

import json

from host_program import HostTest, main, weight

JOURNAL = r"""
hostname node7
config 'host: {interval: 1s}
journal: /tmp/journal.db
rules:
  baseline-missing: {stable_seconds: 1}
  host-settings-changed: {settle_seconds: 1}
  ipoib-settings-changed: {settle_seconds: 1}
  ipoib-neighbour-stale: {settle_seconds: 1}'
as() { inhost "${PROGRAM[@]}" "$@"; }
serves() { get report.json /tmp/report && tr -d ' \n' < /tmp/report > /tmp/snapshot; }
keep() { cp /tmp/report "$OUT/$1.json"; }
looks() { sleep "$1.5"; serves; } # COUNT, one a second
again() { # a monitor asks the SA when it starts, and then once a minute and port
  kill $MONITOR
  wait $MONITOR
  monitor
}
fault() { # NAME RULE: it is told, alone or under another
  check "$2 is told" wait_for 20 stands "$2"
  keep "$1"
}
bounce() { # DEVICE INTERFACE; the kernel tells of a carrier up to a second late
  echo 0 > "$DBG/$1/1/link"
  check "$2 loses its carrier" wait_for 5 no_carrier "$2"
  sleep 1.5
  echo 1 > "$DBG/$1/1/link"
  check "$2 is back" wait_for 10 carrier "$2"
  sleep 1
}
over() { check "$1 is over" wait_for 25 stands_not "$1"; } # RULE
"""


class ReportTest(HostTest):
    def findings(self, name):
        return json.loads(self.job.files[name + ".json"])["findings"]

    def told(self, name, *alarms, folded=(), notes=()):
        findings = self.findings(name)
        excused = lambda f: f["because"] or f["accepted"] or f["explained"]
        found = [(f["rule"], f["subject"], weight(f)) for f in findings if not excused(f) and weight(f) != "note"]
        self.assertEqual(sorted(found), sorted(alarms), findings)
        self.assertLessEqual(set(folded), {f["rule"] for f in findings if f["because"]}, findings)
        self.assertLessEqual(set(notes), {f["rule"] for f in findings if weight(f) == "note"}, findings)


class Changes(ReportTest):
    LIMIT = 240
    SCRIPT = JOURNAL + r"""
modprobe fakeib ndev=4 name=mlx5_
peer ib3 10.1.0.2/24
bond bond0 ib0 ib1
ip link set ib2 up
check "ib2 joins" wait_for 5 carrier ib2
ip addr add 10.1.0.1/24 dev ib2
monitor
check "all is well" wait_for 20 verdict ok
check "a baseline" wait_for 20 as baseline show
keep before

echo 1 > $DBG/mlx5_2/1/sa_forget
again
fault forgotten member-left
rejoin mlx5_2
again
over member-left

ip link set ib2 mtu 1500
fault mtu ipoib-settings-changed
ip link set ib2 mtu 2044
over host-settings-changed

echo 250 > /sys/class/net/bond0/bonding/miimon
fault miimon host-settings-changed
echo 100 > /sys/class/net/bond0/bonding/miimon
over host-settings-changed

echo 1003 > /sys/module/fakeib/parameters/firmware
fault firmware firmware-changed
echo 1002 > /sys/module/fakeib/parameters/firmware
over firmware-changed

# The peer got another queue pair, and the kernel keeps an entry with the old one.
config "$(sed 's/interval: 1s/interval: 1s, probes: [{peer: 10.1.0.2, interface: ib2}]/' /tmp/aftershock.yaml)"
again
check "all is well" wait_for 20 verdict ok
old=$(in_peer cat /sys/class/net/ib3/address | sed 's/^\(..\):..:..:../\1:00:0f:ff/')
ip neigh replace 10.1.0.2 lladdr "$old" dev ib2 nud permanent
fault neighbour ipoib-neighbour-stale
ip neigh del 10.1.0.2 dev ib2
over ipoib-neighbour-stale

echo "0xffff qkey 0x1234" > $DBG/sa_groups
again
fault group multicast-changed
echo "0xffff qkey 0x0b1b" > $DBG/sa_groups
again
over multicast-changed
looks 2

for ((i = 0; i < 3; i++)); do bounce mlx5_2 ib2; done
fault flaps ipoib-flapping
kill $MONITOR
wait $MONITOR
"""

    def test_a_host_that_nobody_changed_is_ok(self):
        self.told("before")

    def test_a_membership_that_the_baseline_had_is_named_as_left(self):
        self.told("forgotten", ("ipoib-not-member", "interface:ib2", "critical"), folded=("member-left",))

    def test_another_mtu_is_told_once(self):
        self.told("mtu", ("ipoib-settings-changed", "interface:ib2", "warning"), folded=("host-settings-changed",))

    def test_a_bond_that_is_set_otherwise_is_told(self):
        self.told("miimon", ("host-settings-changed", "host:0x0002c90300f00000", "warning"))

    def test_other_firmware_is_a_note(self):
        self.told("firmware", notes=("firmware-changed",))

    def test_a_neighbour_that_nobody_is_any_more_is_stale(self):
        self.told("neighbour", ("ipoib-neighbour-stale", "interface:ib2", "warning"))

    def test_a_group_with_another_key_is_told(self):
        self.told("group", ("multicast-changed", "fabric", "warning"))

    def test_a_carrier_that_comes_and_goes_flaps(self):
        self.told("flaps", ("port-counters", "link:0x0002c90300f00020/1", "warning"), folded=("ipoib-flapping",))


class Windows(ReportTest):
    SCRIPT = JOURNAL + r"""
modprobe fakeib ndev=2 name=mlx5_
for i in ib0 ib1; do ip link set $i up; done
for i in ib0 ib1; do check "$i joins" wait_for 5 carrier $i; done
monitor
check "all is well" wait_for 20 verdict ok
check "a baseline" wait_for 20 as baseline show
check "a window" as window open --title work --scope host:node7 --expect down:host:node7 --verify 3s --soak 60s
for ((i = 0; i < 3; i++)); do bounce mlx5_0 ib0; done
fault announced ipoib-flapping
check "it is closed" as window close w1
soaking() { as window show w1 | grep -q 'state *soaking'; }
check "it soaks" wait_for 30 soaking
serves
keep soaking
for ((i = 0; i < 3; i++)); do bounce mlx5_1 ib1; done
fault events events-since-change
as gate w1 > $OUT/gate
echo $? >> $OUT/gate
kill $MONITOR
wait $MONITOR
"""

    def test_a_carrier_that_went_again_and_again_as_announced_flaps_neither_then_nor_later(self):
        for name in ("announced", "soaking"):
            flapping = [f for f in self.findings(name) if f["rule"] == "ipoib-flapping"]
            self.assertEqual([bool(f["explained"]) for f in flapping], [True], flapping)
        self.told("soaking")

    def test_events_that_go_on_after_closing_hold_the_window(self):
        rules = {(f["rule"], f["subject"], weight(f)) for f in self.findings("events") if not f["because"]}
        self.assertTrue({rule for rule in rules if rule[0] == "events-since-change" and rule[2] == "warning"}, rules)
        self.assertIn("events-since-change", self.job.files["gate"])
        self.assertEqual(self.job.files["gate"].split()[-1], "1")


class Missing(ReportTest):
    SCRIPT = r"""
modprobe fakeib ndev=1 name=mlx5_
ip link set ib0 up
check "ib0 joins" wait_for 5 carrier ib0
config 'host: {expect: {hcas: [mlx5_0, mlx5_1]}}'
check_host adapter
config 'host: {interval: 1s}
journal: /tmp/journal.db
windows: {source: "http://127.0.0.1:9", interval: 1s}'
monitor
told() { get report.json /tmp/report && grep -q '"windows-unknown"' /tmp/report; }
check "it is told" wait_for 20 told
cp /tmp/report $OUT/windows.json
kill $MONITOR
wait $MONITOR
"""

    def test_an_adapter_that_is_expected_and_is_not_there_is_critical(self):
        self.assertAlarms("adapter", ("hca-missing", "hca:mlx5_1", "critical"))

    def test_that_nobody_tells_what_is_announced_is_a_note(self):
        found = [f for f in self.findings("windows") if f["rule"] == "windows-unknown"]
        self.assertEqual([weight(f) for f in found], ["note"])


if __name__ == "__main__":
    main()
