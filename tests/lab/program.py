"""The aftershock binary in a simulated fabric: what `check` says, and a running `monitor`."""

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import unittest
import urllib.error
import urllib.request

import lab

BINARY = os.environ.get("AFTERSHOCK", "")
OK, WARNING, CRITICAL, UNKNOWN, USAGE = 0, 1, 2, 3, 64
SKIPPED = 77  # of a test file of which nothing was run; see CMakeLists.txt


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Checked:
    """The outcome of `check --format json`."""

    def __init__(self, done):
        self.code, self.stderr = done.returncode, done.stderr
        try:
            self.report = json.loads(done.stdout)
        except ValueError as e:
            raise AssertionError("exit %d, not JSON: %r; %s" % (done.returncode, done.stdout[:400], done.stderr)) from e
        self.verdict, self.coverage = self.report["verdict"], self.report["coverage"]

    def findings(self, rule=None, folded=False):
        """Findings with a rule, or all; those folded under another only when asked for."""
        return [f for f in self.report["findings"]
                if (rule is None or f["rule"] == rule) and (folded or not f.get("because"))]

    def alarms(self):
        return [f for f in self.findings() if f["severity"] != "note" and not f.get("accepted")]

    def __str__(self):
        return "exit %d, %s\n%s\n%s" % (self.code, self.verdict, "\n".join(
            "%(rule)s %(severity)s %(subject)s: %(summary)s" % f for f in self.findings()), self.stderr)


def judge(fabric, *args, window="0s", **how):
    """`aftershock check --fabric --format json`, attached to the fabric."""
    return Checked(fabric.run([BINARY, "check", "--fabric", "--format", "json", "--all", "--window", window, *args],
                              **how))


def judge_file(path, *args):
    """`aftershock check --from PATH`: no fabric is needed."""
    return Checked(subprocess.run([BINARY, "check", "--from", path, "--format", "json", "--all", *args], text=True,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                  timeout=60))


def parse_metrics(text):
    """[(name, {label: value}, number)] of an exposition without escapes in its label values."""
    return [(m[1], dict(re.findall(r'(\w+)="([^"]*)"', m[2] or "")), float(m[3]))
            for m in re.finditer(r"^(\w+)(?:\{(.*)\})? (\S+)$", text, re.M)]


class Monitor:
    """`aftershock monitor` beside the test, on a free port."""

    def __init__(self, fabric, interval="1s", port=None, settings="", **how):
        self.port = port or free_port()
        self.url = "http://127.0.0.1:%d" % self.port
        config = fabric.path("monitor-%d.yaml" % self.port)
        with open(config, "w", encoding="ascii") as f:
            f.write("fabric:\n  interval: %s\n%s" % (interval, settings))
        self.program = fabric.start([BINARY, "monitor", "--fabric", "--config", config, "--listen",
                                     "127.0.0.1:%d" % self.port], log="monitor-%d.log" % self.port, **how)

    def get(self, path):
        """(status, body); (0, "") while nobody listens."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as e:
            return e.code, e.read().decode()
        except (OSError, http.client.HTTPException):  # it ends just now
            return 0, ""

    def metrics(self, name, **labels):
        """The series of a name with these labels, as [(labels, value)]."""
        return [(have, value) for found, have, value in parse_metrics(self.get("/metrics")[1])
                if found == name and all(have.get(k) == v for k, v in labels.items())]

    def value(self, name, **labels):
        """The sum of those series; None when there are none."""
        found = self.metrics(name, **labels)
        return sum(v for _, v in found) if found else None

    def wait(self, what, attempt, limit=20.0):
        def alive():
            assert self.program.running(), "the monitor has ended:\n" + self.program.text()
            return attempt()
        try:
            return lab.wait_for(what, alive, limit)
        except AssertionError as e:
            findings = self.metrics("aftershock_finding")
            raise AssertionError("%s\n%s\n%s" % (e, findings, self.program.text()[-2000:])) from e

    def wait_ready(self):
        self.wait("/readyz answers 200", lambda: self.get("/readyz")[0] == 200)
        return self

    def wait_finding(self, rule, **labels):
        return self.wait("a finding " + rule, lambda: self.metrics("aftershock_finding", rule=rule, **labels))

    def status(self):
        """The words of the fabric's status: one, unless its scopes differ."""
        return {have["status"] for have, value in self.metrics("aftershock_status", scope="fabric") if value == 1}

    def links(self):
        """{(GUID, port, the peer's GUID, its port, its LID)}, both ends of every cable."""
        return {(int(have["guid"], 16), int(have["port"]), int(have["uplink_guid"], 16), int(have["uplink_port"]),
                 int(have["uplink_lid"]))
                for kind in ("switch", "hca") for have, _ in self.metrics("infiniband_%s_uplink_info" % kind)}

    def last_sweep(self):
        return self.value("aftershock_sweep_timestamp_seconds") or 0

    def wait_sweeps(self, count=1):
        """`count` sweeps more have ended. Their ends are told apart by their time."""
        for _ in range(count):
            before = self.last_sweep()
            self.wait("another sweep", lambda: self.last_sweep() > before)


class LabTest(unittest.TestCase):
    """Starts a fabric for one test and takes it away behind it."""

    def fabric(self, *args, **kwargs):
        f = lab.Fabric(*args, **kwargs)
        f.__enter__()
        self.addCleanup(f.__exit__)
        return f


class SharedFabricTest(unittest.TestCase):
    """All tests of a class share a fabric; what one of them does to it, it undoes."""

    @classmethod
    def setUpClass(cls):
        cls.fabric = lab.Fabric()
        cls.fabric.__enter__()
        cls.addClassCleanup(cls.fabric.__exit__)

    def unlink(self, node, *ports):
        for port in ports or ("all",):
            self.fabric.unlink(node, port)
            self.addCleanup(self.fabric.relink, node, port)

    def monitor(self, **how):
        """A monitor for one test, which remembers nothing of the others'."""
        def attempt():
            """A port that the test before took down may not be Active so far, and a monitor then ends at once."""
            started = Monitor(self.fabric, **how)
            lab.wait_for("it serves, or ends", lambda: started.get("/healthz")[0] or not started.program.running())
            return started if started.program.running() else None
        monitor = lab.wait_for("a monitor that stays", attempt).wait_ready()
        self.addCleanup(monitor.program.stop)
        return monitor


def main():
    if not BINARY:
        raise SystemExit("set AFTERSHOCK to the path of the aftershock binary")
    result = unittest.main(verbosity=2, exit=False).result
    if result.wasSuccessful() and len(result.skipped) == result.testsRun:
        sys.exit(SKIPPED)
    sys.exit(not result.wasSuccessful())
