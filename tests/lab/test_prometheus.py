"""Debian's Prometheus and promtool read the monitor."""

import json
import shutil
import subprocess
import urllib.parse
import urllib.request

import lab
from program import LabTest, Monitor, free_port, main


class Prometheus(LabTest):
    def setUp(self):
        self.f = self.fabric()
        self.monitor = Monitor(self.f).wait_ready()

    def query(self, port, expression):
        url = "http://127.0.0.1:%d/api/v1/query?%s" % (port, urllib.parse.urlencode({"query": expression}))
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return json.load(answer)["data"]["result"]
        except OSError:
            return []

    def test_prometheus_scrapes_every_switch_port(self):
        self.assertTrue(shutil.which("prometheus"), "Debian's package prometheus is not installed")
        with open(self.f.path("prometheus.yml"), "w", encoding="ascii") as config:
            config.write("scrape_configs:\n- job_name: aftershock\n  scrape_interval: 1s\n  static_configs:\n"
                         "  - targets: ['127.0.0.1:%d']\n" % self.monitor.port)
        port = free_port()
        self.start_prometheus(port)
        name = "infiniband_switch_port_transmit_data_bytes_total"
        series = lab.wait_for("Prometheus has the counters", lambda: self.query(port, name), limit=30)
        cables = {("0x%016x" % s.guid, str(p)) for s in self.f.switches for p in s.links}
        self.assertLessEqual(cables, {(s["metric"]["guid"], s["metric"]["port"]) for s in series})
        self.assertEqual([s["value"][1] for s in self.query(port, "up")], ["1"])
        many = self.query(port, name + " * on(guid, port) group_left(uplink) infiniband_switch_uplink_info")
        self.assertEqual(len(many), len(cables))

    def start_prometheus(self, port):
        with open(self.f.path("prometheus.log"), "w", encoding="utf-8") as log:
            server = subprocess.Popen(["prometheus", "--config.file", self.f.path("prometheus.yml"), "--storage.tsdb.path",
                                       self.f.path("tsdb"), "--web.listen-address", "127.0.0.1:%d" % port],
                                      env=self.f.environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.f.started.append(server)

    def test_promtool_has_nothing_else_to_say_of_faults(self):
        spine = self.f.named("spine01")
        self.f.unlink(spine, 3)
        self.f.counter(spine, 1, SymbolErrorCounter=65535)
        self.monitor.wait_finding("link-lost")
        self.f.run(["perfquery", "-R", "-G", hex(spine.guid), "1"])
        self.monitor.wait_sweeps(2)
        done = subprocess.run(["promtool", "check", "metrics"], input=self.monitor.get("/metrics")[1], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        # These two are about counters, and are named so; the linter takes the word for a Prometheus type.
        named = ["aftershock_counter_%s metric name should not include type 'counter'" % what
                 for what in ("resets_total", "saturated")]
        self.assertEqual([line for line in done.stdout.splitlines() if line not in named], [])

    def test_promtool_has_nothing_to_say_of_a_healthy_fabric(self):
        done = subprocess.run(["promtool", "check", "metrics"], input=self.monitor.get("/metrics")[1], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, ""))


if __name__ == "__main__":
    main()
