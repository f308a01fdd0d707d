"""Redundancy groups for lab tests: their configuration, and what a running monitor makes of them."""

import json
import time

from program import Monitor

# Quick enough for a test, and patient with a machine that is busy: a late answer is none of these tests' matter.
QUICK = """  pair_interval: 50ms
  timeout: 2s
rules:
  pair-intermittent:
    window_seconds: 4
"""


def groups(*pairs, must_live=1):
    """`pairs:` of the configuration. Each pair: (name, [(switch, {label: value})…])."""
    lines = ["pairs:"]
    for name, members in pairs:
        lines += ["  - name: " + name, "    must_live: %d" % must_live, "    members:"]
        for switch, risks in members:
            lines += ["      - switch: " + switch,
                      "        risks: {%s}" % ", ".join("%s: %s" % r for r in risks.items())]
    return "\n".join(lines) + "\n"


def apart(*names):
    """Members on feeds of their own."""
    return [(name, {"power": "feed-%d" % i}) for i, name in enumerate(names)]


class PairMonitor(Monitor):
    """A monitor with groups. `pair` is the first one's name."""

    def __init__(self, fabric, *pairs, quick=QUICK, **how):
        super().__init__(fabric, settings=quick + groups(*pairs), **how)
        self.pair = pairs[0][0]

    def report(self):
        status, text = self.get("/report.json")
        return json.loads(text) if status == 200 else {}

    def findings(self, rule=None):
        """Findings about pairs, folded ones too, by rule."""
        return [f for f in self.report().get("findings", ())
                if f["subject"].startswith("pair:") and (rule is None or f["rule"] == rule)]

    def alarms(self):
        """The rules of pairs that have more than a note to say."""
        return {f["rule"] for f in self.findings() if f["severity"] != "note" or f["unknown"]}

    def states(self, pair=None):
        for group in self.report().get("pairs", {}).get("groups", ()):
            if group["name"] == (pair or self.pair):
                return [m["state"] for m in group["members"]]
        return []

    def wait_live(self):
        self.wait("every member lives", lambda: set(self.states()) == {"live"})
        return self

    def wait_rule(self, rule, limit=30.0):
        return self.wait("a finding " + rule, lambda: self.findings(rule), limit)[0]


def quiet(test, monitor, seconds=4.0):
    """No alarm about pairs for so long, however often one looks."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        test.assertEqual(monitor.alarms(), set())
