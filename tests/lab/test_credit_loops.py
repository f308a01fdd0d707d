"""Circles of credits in the tables that the real OpenSM writes, where cables go round."""

import json
import os
import re
import tempfile

import shapes
from program import BINARY, CRITICAL, OK, UNKNOWN, LabTest, Monitor, judge, judge_file, main

CREDIT_LOOP = ["credit-loop"]
# From [1] -> switch 0xb8cef60300000080 [2] lid 2 "ring1": the port a packet leaves by, and where it comes in.
STEP = re.compile(r'^\[(\d+)\] -> switch (0x\w+) \[(\d+)\]', re.M)


class Round(LabTest):
    def routed(self, shape, engine, roots=False, **size):
        """A fabric of shapes.py under a routing engine; with `roots`, its first switch is named as the top."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        f = self.fabric(getattr(shapes, shape)(os.path.join(folder.name, "topology.txt"), **size), sm=False)
        options = ["-R", engine]
        if roots:
            options += ["-a", f.path("roots.txt")]
            with open(options[-1], "w", encoding="ascii") as out:
                out.write("%#x\n" % f.switches[0].guid)
        f.sm(f.hosts[-1], *options)
        f.ready()
        return f

    def expect(self, f, code, rules):
        checked = judge(f)
        self.assertEqual((checked.code, [x["rule"] for x in checked.alarms()]), (code, rules), checked)
        return checked

    def test_a_ring_by_the_shortest_ways_waits_for_itself_and_the_circle_is_printed_port_by_port(self):
        f = self.routed("ring", "minhop")
        self.expect(f, CRITICAL, CREDIT_LOOP)
        done = f.run([BINARY, "route", "--loops"])
        self.assertEqual(done.returncode, CRITICAL, done.stderr)
        circles = re.split(r"^A cycle of credits from ", done.stdout, flags=re.M)[1:]
        self.assertEqual(len(circles), 2, done.stdout)
        by_guid = {s.guid: s for s in f.switches}
        for text in circles:
            at = by_guid[int(text.split()[0], 16)]
            steps = STEP.findall(text)
            self.assertEqual(len(steps), 6, text)
            for out, guid, into in steps:
                self.assertEqual(at.links[int(out)], (by_guid[int(guid, 16)].id, int(into)), text)
                at = by_guid[int(guid, 16)]
            self.assertEqual(at.guid, int(text.split()[0], 16), text)

    def test_a_ring_is_free_where_ways_go_up_and_then_down(self):
        self.expect(self.routed("ring", "updn", roots=True), OK, [])

    def test_a_ring_under_dfsssp_is_free_by_its_service_levels_alone(self):
        f = self.routed("ring", "dfsssp")
        self.expect(f, OK, [])
        path = f.path("sweep.json")
        snapshot = json.loads(f.run([BINARY, "sweep", "--format", "json"]).stdout)
        snapshot["sa"]["paths"] = []
        with open(path, "w", encoding="utf-8") as out:
            json.dump(snapshot, out)
        without = judge_file(path)
        self.assertEqual([(x["rule"], x["unknown"]) for x in without.alarms()], [("credit-loop", True)], without)
        self.assertEqual(without.code, UNKNOWN, without)

    def test_a_torus_by_the_shortest_ways_waits_for_itself(self):
        self.expect(self.routed("torus", "minhop"), CRITICAL, CREDIT_LOOP)

    def test_a_torus_is_free_where_ways_go_up_and_then_down(self):
        self.expect(self.routed("torus", "updn", roots=True), OK, [])

    def test_a_torus_under_dfsssp_is_unknown_until_enough_service_levels_are_known_and_never_critical(self):
        f = self.routed("torus", "dfsssp")
        self.expect(f, UNKNOWN, CREDIT_LOOP)
        monitor = Monitor(f, interval="1s").wait_ready()
        monitor.wait("every path's service level was asked", lambda: monitor.status() == {"ok"}, 60)
        self.assertNotIn("[critical]", monitor.program.text())

    def test_a_dragonfly_by_the_shortest_ways_waits_for_itself(self):
        self.expect(self.routed("dragonfly", "minhop"), CRITICAL, CREDIT_LOOP)

    def test_a_ring_with_a_hub_is_free_until_the_hub_is_taken_out(self):
        f = self.routed("hub_ring", "minhop")
        self.expect(f, OK, [])
        f.unlink(f.named("hub"))
        f.ready()
        self.expect(f, CRITICAL, CREDIT_LOOP)


if __name__ == "__main__":
    main()
