"""aftershock on a guest's kernel: what `check --host` says there, and a running `monitor`.

    class Forgotten(HostTest):
        SCRIPT = 'bond bond0 ib0 ib1; check_host healthy; echo 1 > $DBG/mlx5_0/1/sa_forget; check_host forgotten'

        def test_…(self):
            self.assertAlarms("forgotten", ("ipoib-not-member", "interface:ib0", "critical"))

A class runs its script once, with the helpers of guest/jobs/lib.sh and of HELPERS below; its tests judge what came back.
"""

import json
import os

import guest

OK, WARNING, CRITICAL, UNKNOWN = 0, 1, 2, 3
IN_SECONDS = 1e6

HELPERS = r"""
microseconds() { echo "${EPOCHREALTIME/[.,]/}"; }
config() { # YAML: of every check and monitor from now on
  printf '%s\n' "$1" > /tmp/aftershock.yaml
}
config 'host: {interval: 2s}'

AS=()  # a command that starts another, in front of it
PROGRAM=("$AFTERSHOCK" --config /tmp/aftershock.yaml)
check_host() { # NAME [OPTION...]: keeps the report, the exit code and the time that it took
  local name=$1 from
  shift
  from=$(microseconds)
  inhost "${AS[@]}" "${PROGRAM[@]}" check --host --format json --all "$@" > "$OUT/$name.json" 2> "$OUT/$name.err"
  echo "$? $(($(microseconds) - from))" > "$OUT/$name.done"
}
check_in_time() { # NAME: once more where the machine was too busy to tell how long it takes
  local from startup took
  for ((i = 0; i < 3; i++)); do
    from=$(microseconds)
    inhost "${PROGRAM[@]}" version > /dev/null
    startup=$(($(microseconds) - from))
    check_host "$1"
    read -r _ took < "$OUT/$1.done"
    echo "$took $startup" >> "$OUT/$1.took"
    [ $((took - startup)) -ge 5000000 ] || break
  done
}

get() { busybox timeout 5 busybox wget -q -O "$2" "http://127.0.0.1:9917/$1"; } # PATH FILE
serves() { get snapshot.json /tmp/snapshot; }
monitor() { # [OPTION...]: starts one, and waits until it serves what it saw
  inhost "${AS[@]}" "${PROGRAM[@]}" monitor --host --listen 127.0.0.1:9917 "$@" > "$OUT/monitor.log" 2>&1 &
  MONITOR=$!
  wait_for 20 serves || { echo "the monitor does not serve"; exit 1; }
}
stands() { serves && grep -q "\"rule\":\"$1\"" /tmp/snapshot; } # RULE
stands_not() { serves && ! grep -q "\"rule\":\"$1\"" /tmp/snapshot; }
verdict() { serves && grep -q "\"verdict\":\"$1\"" /tmp/snapshot; }
look_number() { serves && sed 's/.*"number":\([0-9]*\),"p.*/\1/' /tmp/snapshot; }
looks() { # COUNT: waits until so many more looks were taken, begun after now
  local last
  last=$(($(look_number) + $1 + 1))
  reached() { [ "$(look_number)" -ge $last ]; }
  check "$1 more looks" wait_for $(($1 * 3 + 10)) reached
}
keep() { # NAME: the monitor's snapshot and metrics
  get snapshot.json "$OUT/$1.json"
  get metrics "$OUT/$1.metrics"
}

bond() { # NAME LEG...
  local name=$1
  shift
  ip link add "$name" type bond mode active-backup miimon 100 fail_over_mac 1
  for leg in "$@"; do ip link set "$leg" master "$name"; done
  ip link set "$name" up
  for leg in "$@"; do check "$leg joins" wait_for 5 carrier "$leg"; done
}
active_leg() { [ "$(cat "/sys/class/net/$1/bonding/active_slave")" = "$2" ]; } # BOND LEG
rejoin() { echo 17 > "$DBG/$1/1/event"; } # DEVICE: CLIENT_REREGISTER
member() { grep -i "$(addr_gid "$1" address)" $DBG/sa_members | grep -qv forgotten; } # INTERFACE
"""


def in_guest(path):
    """Where a file of this machine is seen in the guest; see guest/README.md."""
    hidden = ("/tmp/", "/run/", "/mnt/", "/var/")
    return "/host" + path if path.startswith(hidden) else path


def weight(finding):
    return "unknown" if finding.get("unknown") else finding["severity"]


class Said:
    """What a check or a monitor said at one moment."""

    def __init__(self, job, name):
        self.name, self.log = name, str(job)
        try:
            self.json = json.loads(job.files[name + ".json"])
        except (KeyError, ValueError) as e:
            raise AssertionError("%s: %s\n%s\n%s" % (name, e, job.files.get(name + ".err"), job)) from e
        self.verdict, self.findings = self.json["verdict"], self.json["findings"]
        self.metrics = job.files.get(name + ".metrics", "").splitlines()
        done = job.files.get(name + ".done")
        self.code = int(done.split()[0]) if done else None

    def alarms(self):
        """(rule, subject, weight) of what makes the verdict; what follows from another finding is not among them."""
        return sorted((f["rule"], f["subject"], weight(f)) for f in self.findings
                      if not f.get("because") and not f.get("accepted") and weight(f) != "note")

    def faults(self):
        """The alarms that are more than something unknown."""
        return [alarm for alarm in self.alarms() if alarm[2] != "unknown"]

    def notes(self):
        return sorted((f["rule"], f["subject"]) for f in self.findings if weight(f) == "note")

    def folded(self):
        """(rule, subject) -> the "rule subject" that it follows from."""
        return {(f["rule"], f["subject"]): f["because"] for f in self.findings if f.get("because")}

    def one(self, rule):
        found = [f for f in self.findings if f["rule"] == rule]
        if len(found) != 1:
            raise AssertionError("%d findings of %s: %s" % (len(found), rule, self))
        return found[0]

    def metric(self, series):
        """The value of a series, written as it is exported; None: there is none."""
        values = [line.rpartition(" ")[2] for line in self.metrics if line.startswith(series + " ")]
        return float(values[0]) if values else None

    def events(self, **fields):
        return [e for e in self.json.get("events", []) if all(e.get(k) == v for k, v in fields.items())]

    def __str__(self):
        found = "\n".join("  %s %s %s%s: %s" % (f["rule"], f["subject"], weight(f),
                                               " <- " + f["because"] if f.get("because") else "", f["summary"])
                          for f in self.findings)
        return "%s: exit %s, %s\n%s\n%s" % (self.name, self.code, self.verdict, found, self.log)


class HostTest(guest.GuestTest):
    SCRIPT = ""
    LIMIT = 150
    job = None

    @classmethod
    def setUpClass(cls):
        program = os.environ.get("AFTERSHOCK")
        if not program:
            raise AssertionError("AFTERSHOCK does not name the program")
        cls.job = guest.run(HELPERS + cls.SCRIPT + "\nfinish\n", limit=cls.LIMIT, AFTERSHOCK=in_guest(program))
        if cls.job.status:
            raise AssertionError("%s\n%s" % (cls.job, cls.job.files.get("monitor.log", "")))

    def said(self, name):
        return Said(self.job, name)

    def assertAlarms(self, name, *alarms):
        """Just these findings make the verdict, and the verdict is theirs."""
        said = self.said(name)
        self.assertEqual(said.alarms(), sorted(alarms), said)
        self.assertVerdict(name, self.verdict_of({alarm[2] for alarm in alarms}))
        return said

    def assertVerdict(self, name, verdict):
        said = self.said(name)
        self.assertEqual(said.verdict, verdict, said)
        if said.code is not None:
            codes = {"ok": OK, "warning": WARNING, "critical": CRITICAL, "unknown": UNKNOWN}
            self.assertEqual(said.code, codes[verdict], said)
        return said

    @staticmethod
    def verdict_of(weights):
        return next((w for w in ("critical", "unknown", "warning") if w in weights), "ok")


def seconds_between(first, second):
    """Between two events, by the guest's wall clock."""
    return wall(second) - wall(first)


def wall(event):
    text = event["time"]
    seconds, _, fraction = text.rstrip("Z").partition(".")
    hours, minutes, rest = seconds.partition("T")[2].split(":")
    return int(hours) * 3600 + int(minutes) * 60 + int(rest) + float("0." + (fraction or "0"))


def main():
    guest.main()
