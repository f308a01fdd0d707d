"""The real OpenSM under a running monitor, stopped with SIGKILL and started again; and asked for whole tables."""

import json
import re

from host_program import HostTest, main

GET, GET_TABLE = "0x01", "0x12"


class OpenSm(HostTest):
    SCRIPT = r"""
modprobe fakeib ndev=2 sm=0
guid=$(sed 's/^fe80:0000:0000:0000:/0x/; s/://g' $IB/fakeib0/ports/1/gids/0)
start_sm() {
  opensm -g "$guid" -f /tmp/opensm.log > /tmp/opensm.out 2>&1 &
  SM=$!
}
up() { active fakeib0 1 && active fakeib1 1 && carrier ib0 && carrier ib1; }
is_master() { sminfo -t 100 | grep -q SMINFO_MASTER; }
ip link set ib0 up
ip link set ib1 up
check_host before --window 0s
start_sm
check "all ports are up" wait_for 30 up
check_host healthy
monitor
check "all is well" wait_for 20 verdict ok
kill -9 $SM
wait $SM 2> /dev/null
check_host killed
looks 2
keep meanwhile
start_sm
check "the SM is back" wait_for 30 is_master
check "all ports are up" wait_for 30 up
sleep 1
check_host again
looks 1
keep again
check "the monitor runs" kill -0 $MONITOR
kill $SM
wait $SM
"""

    def test_ports_that_wait_for_a_manager_are_critical(self):
        said = self.assertVerdict("before", "critical")
        self.assertEqual({alarm[0] for alarm in said.alarms()}, {"host-port-down"}, said)
        self.assertIn("Init", str(said.findings), said)

    def test_a_host_with_opensm_is_well(self):
        said = self.assertAlarms("healthy")
        self.assertEqual({m["info"]["state"] for m in said.json["host"].get("sms", [])} - {"MASTER"}, set(), said)

    def test_a_killed_opensm_is_unknown(self):
        said = self.assertVerdict("killed", "unknown")
        self.assertEqual({alarm[0] for alarm in said.alarms()}, {"sa-silent"}, said)

    def test_a_started_opensm_is_well_again(self):
        self.assertAlarms("again")
        self.assertEqual(self.said("again").faults(), [])


class Members(HostTest):
    """Who knows the SA's key (OpenSM's sa_key is 1) is told all members of a group in one table."""

    SCRIPT = r"""
modprobe fakeib ndev=2 sm=0
guid=$(sed 's/^fe80:0000:0000:0000:/0x/; s/://g' $IB/fakeib0/ports/1/gids/0)
opensm -g "$guid" -f /tmp/opensm.log > /tmp/opensm.out 2>&1 &
SM=$!
up() { active fakeib0 1 && active fakeib1 1 && carrier ib0 && carrier ib1; }
ip link set ib0 up
ip link set ib1 up
check "all ports are up" wait_for 30 up
for key in 1 7; do
  (umask 077; echo $key > /tmp/sa.key)
  config "fabric: {ports: ['fakeib0:1'], sa_key_file: /tmp/sa.key}"
  echo > $DBG/umad_sent
  inhost "${PROGRAM[@]}" check --fabric --window 0s --format json > "$OUT/$key.json" 2> "$OUT/$key.err"
  cp $DBG/umad_sent "$OUT/$key.sent"
done
kill $SM
wait $SM
"""
    def verdict(self, key):
        return json.loads(self.job.files[key + ".json"])["verdict"]

    def asked(self, key):
        """{method: how often} of our own questions for members."""
        found = re.findall(r"^aftershock .* method (0x\w+) attr 0x0038 count (\d+)$", self.job.files[key + ".sent"], re.M)
        return {method: int(count) for method, count in found}

    def test_with_the_key_all_members_come_in_a_table(self):
        self.assertEqual(self.asked("1"), {GET: 1, GET_TABLE: 1})  # the group, and its members
        self.assertEqual(self.verdict("1"), "ok")

    def test_with_a_wrong_key_they_are_asked_for_one_by_one(self):
        self.assertEqual(self.asked("7"), {GET: 3, GET_TABLE: 1})
        self.assertEqual(self.verdict("7"), "ok")


if __name__ == "__main__":
    main()
