"""The fabric as seen from a guest, whose subnet manager and SA do what those of the simulated fabrics cannot."""

import json

from host_program import HostTest, main


class Manager(HostTest):
    SCRIPT = r"""
modprobe fakeib ndev=4
for i in ib0 ib1 ib2 ib3; do ip link set $i up; done
for i in ib0 ib1 ib2 ib3; do check "$i joins" wait_for 5 carrier $i; done
config "fabric: {ports: ['fakeib0:1'], interval: 1s}
rules:
  sm-stuck: {stuck_seconds: 6, regular_seconds: 6}"
inhost "${PROGRAM[@]}" monitor --fabric --listen 127.0.0.1:9917 > "$OUT/monitor.log" 2>&1 &
MONITOR=$!
serves() { get report.json /tmp/report && tr -d ' \n' < /tmp/report > /tmp/snapshot; }
keep() { cp /tmp/report "$OUT/$1.json"; }
check "it serves" wait_for 20 serves
check "all is well" wait_for 20 verdict ok
keep before
fault() { # NAME RULE VERDICT FILE VALUE BACK
  told() { stands "$2" && verdict "$3"; }
  echo "$5" > "$DBG/$4"
  check "$2 is told" wait_for 25 told "$@"
  keep "$1"
  echo "$6" > "$DBG/$4"
  check "$2 is over" wait_for 20 stands_not "$2"
}
fault silent sa-silent unknown sa_drop 1 0
fault slow sa-slow warning sa_delay_ms 700 0
fault standby sm-missing critical sm_state 2 3
lid=$(cat $DBG/fakeib1/1/sm_lid)
fault split sm-lid-split critical fakeib1/1/sm_lid_silent 9 "$lid"
for ((i = 0; i < 30; i++)); do # a manager that does more than answer us, for a while
  echo $((1000 + 50 * i)) > $DBG/sm_act_count
  sleep 0.3
done
echo 1 > $DBG/sm_frozen
stuck() { stands sm-stuck && verdict warning; }
check "a manager that is stuck is told" wait_for 25 stuck
keep stuck
echo 0 > $DBG/sm_frozen
echo 9000 > $DBG/sm_act_count
check "sm-stuck is over" wait_for 20 stands_not sm-stuck
fault disagree link-ends-disagree warning fakeib1/1/far_width 1 0
check "all is well again" wait_for 20 verdict ok
kill $MONITOR
wait $MONITOR
"""

    def told(self, name, *alarms):
        findings = json.loads(self.job.files[name + ".json"])["findings"]
        found = [(f["rule"], f["severity"]) for f in findings if f["severity"] != "note" and not f["because"]]
        self.assertEqual(sorted(found), sorted(alarms), findings)

    def test_a_healthy_manager_is_ok(self):
        self.told("before")

    def test_an_sa_that_answers_nothing_is_unknown(self):
        self.told("silent", ("sa-silent", "warning"))

    def test_an_sa_that_takes_long_again_and_again_is_slow(self):
        self.told("slow", ("sa-slow", "warning"))

    def test_a_manager_that_only_stands_by_is_no_master(self):
        self.told("standby", ("sm-missing", "critical"))

    def test_a_port_that_was_told_another_manager_than_the_rest_is_a_split(self):
        self.told("split", ("sm-lid-split", "critical"))

    def test_a_manager_that_answers_and_does_nothing_any_more_is_stuck(self):
        self.told("stuck", ("sm-stuck", "warning"))

    def test_a_cable_whose_ends_say_different_things_is_a_warning(self):
        self.told("disagree", ("link-ends-disagree", "warning"))


if __name__ == "__main__":
    main()
