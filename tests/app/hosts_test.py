"""Other hosts' monitors: read through `hosts:`, asked through a real Prometheus, and told what is announced.

The hosts are servers of our own that say what a test tells them to; monitor, gate and Prometheus are real.
"""

import http.server
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.request

BINARY = os.environ["AFTERSHOCK"]
GO, HOLD, NO_GO, UNKNOWN, USAGE = 0, 1, 2, 3, 64
LIMIT = 60


def stamp(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + ".%03dZ" % (seconds % 1 * 1000)


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def wait_for(what, attempt, limit=LIMIT):
    end = time.monotonic() + limit
    while True:
        result = attempt()
        if result:
            return result
        if time.monotonic() > end:
            raise AssertionError("waited %s s: %s" % (limit, what))
        time.sleep(0.1)


class FakeHost:
    """A host's monitor: one adapter, and findings as a test has them. `ahead`: of its clock, in seconds."""

    def __init__(self, name, number, ahead=0):
        self.name, self.ahead = name, ahead
        self.node, self.port_guid = "0x%016x" % (number * 16), "0x%016x" % (number * 16 + 1)
        self.findings = []  # (rule, severity, since)
        self.silent = False
        host = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                pages = {"/snapshot.json": host.snapshot, "/metrics": host.metrics}
                if host.silent or self.path not in pages:
                    return self.send_error(503)
                body = pages[self.path]().encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.target = "127.0.0.1:%d" % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def now(self):
        return time.time() + self.ahead

    def find(self, rule="ipoib-not-member", severity="critical", ago=0):
        self.findings.append((rule, severity, self.now() - ago))

    def verdict(self):
        severities = [f[1] for f in self.findings]
        return "critical" if "critical" in severities else "warning" if severities else "ok"

    def snapshot(self):
        findings = [{"rule": rule, "severity": severity, "unknown": False, "subject": "interface:ib0",
                     "summary": "ib0 is not well", "evidence": [], "advice": "", "since": stamp(since),
                     "because": None, "accepted": None, "window": None, "explained": None}
                    for rule, severity, since in self.findings]
        port = {"num": 1, "guid": self.port_guid, "link_layer": "InfiniBand"}
        return json.dumps({"schema": 1, "hostname": self.name, "taken": stamp(self.now()), "parts": [],
                           "hcas": [{"name": "mlx5_0", "node_guid": self.node, "ports": [port]}],
                           "verdict": self.verdict(), "findings": findings, "served": stamp(self.now()), "fresh": True})

    def metrics(self):
        lines = ['aftershock_host_info{host="%s",hca="mlx5_0",port="1",guid="%s",node_guid="%s"} 1'
                 % (self.name, self.port_guid, self.node), "aftershock_clock_timestamp_seconds %f" % self.now()]
        for status in ("ok", "warning", "critical", "unknown"):
            lines.append('aftershock_status{scope="host",name="%s",status="%s"} %d'
                         % (self.name, status, status == self.verdict()))
        for rule, severity, since in self.findings:
            key = 'rule="%s",subject="interface:ib0"' % rule
            lines.append('aftershock_finding{%s,severity="%s",window=""} 1' % (key, severity))
            lines.append("aftershock_finding_since_timestamp_seconds{%s} %f" % (key, since))
        return "\n".join(lines) + "\n"


class Monitored(unittest.TestCase):
    """A monitor that keeps windows: it looks at a host of its own, and reads others."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.journal = self.path("journal.db")

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w", encoding="ascii") as file:
            file.write(text)
        return self.path(name)

    def host(self, name, number, **how):
        host = FakeHost(name, number, **how)
        self.addCleanup(host.stop)
        return host

    def sysfs(self, name, guid):
        files = {"node_guid": guid, "sys_image_guid": guid, "fw_ver": "1", "ports/1/link_layer": "InfiniBand",
                 "ports/1/state": "4: ACTIVE", "ports/1/phys_state": "5: LinkUp", "ports/1/lid": "0x1",
                 "ports/1/sm_lid": "0x1", "ports/1/gids/0": "fe80:0000:0000:0000:" + guid, "ports/1/pkeys/0": "0xffff"}
        for file, text in files.items():
            self.write("%s/class/infiniband/mlx5_0/%s" % (name, file), text + "\n")
        return self.path(name)

    def start(self, name, settings, journal):
        config = self.write(name + ".yaml", settings)
        port = free_port()
        log = open(self.path(name + ".log"), "w", encoding="utf-8")
        self.addCleanup(log.close)
        process = subprocess.Popen([BINARY, "monitor", "--host", "--listen", "127.0.0.1:%d" % port, "--config", config,
                                    "--journal", journal], stdin=subprocess.DEVNULL, stdout=log, stderr=log)

        def end():
            process.send_signal(signal.SIGTERM)
            process.wait(30)
        self.addCleanup(end)
        wait_for("the monitor serves", lambda: self.get(port, "/healthz"))
        return port

    def get(self, port, path):
        try:
            with urllib.request.urlopen("http://127.0.0.1:%d%s" % (port, path), timeout=5) as answer:
                return answer.read().decode()
        except OSError:
            return None

    def manage(self, hosts, more=""):
        targets = self.write("targets.json", json.dumps([{"targets": [h.target for h in hosts]}]))
        return self.start("manager", """host: {interval: 1s, sysfs: %s}
hosts: {files: [%s], interval: 1s, timeout: 2s}
rules: {baseline-missing: {stable_seconds: 0}}
%s""" % (self.sysfs("sys", "0002:c903:00aa:0001"), targets, more), self.journal)

    def command(self, *args, config="/dev/null"):
        return subprocess.run([BINARY, *args, "--config", config, "--journal", self.journal], timeout=LIMIT,
                              check=False, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE)

    def open(self, scope, soak="1s"):
        def attempt():
            done = self.command("window", "open", "--title", "x", "--scope", scope, "--verify", "1s", "--soak", soak)
            return done.stdout.split()[0] if done.returncode == 0 else self.note(done)
        return wait_for("the window opens", attempt)

    def note(self, done):
        self.last = done

    def gate(self, window, *args, config="/dev/null"):
        return self.command("gate", window, *args, config=config)

    def wait_gate(self, window, code, *args, words=""):
        answers = []

        def attempt():
            answers.append(self.gate(window, *args))
            return answers[-1].returncode == code and words in answers[-1].stdout
        try:
            wait_for("the gate says %d %s" % (code, words), attempt)
        except AssertionError as e:
            raise AssertionError("%s\n%s%s" % (e, answers[-1].stdout, answers[-1].stderr)) from e
        return answers[-1].stdout


class Hosts(Monitored):
    def test_a_window_of_a_host_that_is_read_passes_and_fails_by_what_the_host_finds(self):
        good, bad = self.host("node7", 7, ahead=3600), self.host("node8", 8, ahead=-3600)
        bad.find("bond-settings", "warning", ago=600)  # stood before
        self.manage([good, bad])
        windows = [self.open("host:node7"), self.open("host:node8")]
        for window in windows:
            self.assertEqual(self.command("window", "close", window).returncode, 0)
        bad.find()
        self.wait_gate(windows[1], NO_GO, words="ipoib-not-member")
        self.wait_gate(windows[0], GO)
        refused = self.command("window", "open", "--title", "x", "--scope", "host:node8")
        self.assertEqual(refused.returncode, NO_GO, refused.stdout)
        self.assertIn("ib0 is not well", refused.stdout)

    def test_a_host_that_falls_silent_is_unknown_until_it_speaks(self):
        host = self.host("node7", 7)
        self.manage([host])
        window = self.open("host:%s" % host.port_guid)
        host.silent = True
        self.command("window", "close", window)
        self.wait_gate(window, UNKNOWN, words="does not report")
        refused = self.command("window", "open", "--title", "x", "--scope", "host:node7")
        self.assertEqual(refused.returncode, UNKNOWN, refused.stdout)
        self.assertIn("node7 does not report", refused.stdout)
        host.silent = False
        self.wait_gate(window, GO)


class Prometheus(Monitored):
    def prometheus(self, hosts):
        self.assertTrue(shutil.which("prometheus"), "Debian's package prometheus is not installed")
        config = self.write("prometheus.yml", "scrape_configs:\n- job_name: aftershock\n  scrape_interval: 1s\n"
                            "  static_configs:\n  - targets: %s\n" % json.dumps([h.target for h in hosts]))
        port = free_port()
        with open(self.path("prometheus.log"), "w", encoding="utf-8") as log:
            server = subprocess.Popen(["prometheus", "--config.file", config, "--storage.tsdb.path", self.path("tsdb"),
                                       "--web.listen-address", "127.0.0.1:%d" % port],
                                      stdin=subprocess.DEVNULL, stdout=log, stderr=log)

        def end():
            server.terminate()
            server.wait(30)
        self.addCleanup(end)
        wait_for("Prometheus is ready", lambda: self.get(port, "/-/ready"))
        return "http://127.0.0.1:%d" % port

    def test_prometheus_tells_the_gate_of_hosts(self):
        host = self.host("node7", 7, ahead=7200)
        host.find("bond-settings", "warning", ago=600)
        url = self.prometheus([host])
        self.manage([host])
        window = self.open("host:node7")
        host.silent = True  # to Prometheus alone: the manager has heard it
        self.command("window", "close", window)
        said = self.wait_gate(window, UNKNOWN, "--prometheus", url, words="Prometheus")
        self.assertIn("host:node7 does not report", said)
        host.silent = False
        self.wait_gate(window, GO, "--prometheus", url)
        waited = self.gate(window, "--wait", "--prometheus", url)
        self.assertEqual(waited.returncode, GO, waited.stdout)
        config = self.write("gate.yaml", "prometheus: {timeout: 500ms}\n")
        for wrong, words in ((host.target, "Prometheus"), ("127.0.0.1:%d" % free_port(), "nobody listens")):
            done = self.gate(window, "--prometheus", "http://" + wrong, config=config)
            self.assertEqual(done.returncode, UNKNOWN, done.stdout)
            self.assertIn(words, done.stdout)
        second = self.open("host:node7")
        self.command("window", "close", second)
        host.find()
        self.wait_gate(second, NO_GO, "--prometheus", url, words="ipoib-not-member")

    def test_time_that_prometheus_did_not_see_was_not_watched(self):
        host = self.host("node7", 7)
        self.manage([host])
        window = self.open("host:node7", soak="7s")
        self.command("window", "close", window)
        self.wait_gate(window, GO)
        url = self.prometheus([host])  # it was away while the window soaked
        said = self.wait_gate(window, HOLD, "--prometheus", url, words="was scraped for")
        self.assertIn("of the 8 s that had to be watched", said)
        self.wait_gate(window, GO, "--prometheus", url)

    def test_a_url_that_is_none_is_wrong_usage(self):
        done = self.gate("w1", "--prometheus", "prometheus:9090")
        self.assertEqual(done.returncode, USAGE, done.stdout)
        self.assertIn("--prometheus", done.stderr)


class Source(Monitored):
    def test_a_host_knows_what_is_announced_and_says_when_it_does_not(self):
        manager = self.manage([self.host("node7", 7)])
        host = self.start("host", "host: {interval: 1s, sysfs: %s}\nwindows: {source: 'http://127.0.0.1:%d', interval: 1s}\n"
                          % (self.sysfs("sys2", "0002:c903:00bb:0001"), manager), self.path("host.db"))
        window = self.open("host:node7")
        told = json.loads(self.get(manager, "/windows.json"))
        self.assertEqual([("w%d" % w["id"], w["state"]) for w in told["windows"]], [(window, "open")])

        def notes():
            return [f["summary"] for f in json.loads(self.get(host, "/report.json"))["findings"]
                    if f["rule"] == "windows-unknown"]
        wait_for("the host knows the windows", lambda: not notes())
        refused = subprocess.run([BINARY, "window", "open", "--title", "x", "--scope", "fabric", "--despite", "a test",
                                  "--journal", self.path("host.db"), "--config", "/dev/null"], timeout=LIMIT, check=False,
                                 text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual(refused.returncode, NO_GO, refused.stdout)
        self.assertIn("http://127.0.0.1:%d" % manager, refused.stderr)

    def test_a_host_whose_source_is_silent_says_so_and_stays_green_for_it(self):
        port = self.start("host", "host: {interval: 1s, sysfs: %s}\nwindows: {source: 'http://127.0.0.1:%d', interval: 1s}\n"
                          % (self.sysfs("sys", "0002:c903:00bb:0001"), free_port()), self.path("host.db"))
        (note,) = wait_for("the note", lambda: [f for f in json.loads(self.get(port, "/report.json"))["findings"]
                                                if f["rule"] == "windows-unknown"])
        self.assertEqual(note["severity"], "note")


if __name__ == "__main__":
    unittest.main()
