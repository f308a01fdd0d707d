"""`aftershock route` at a desk: snapshots of small fabrics with tables in, ways and cycles out."""

import json
import os
import subprocess
import tempfile
import unittest

BINARY = os.environ["AFTERSHOCK"]
OK, CRITICAL, UNKNOWN, USAGE = 0, 2, 3, 64
NO_EXIT = 255


def route(*args):
    return subprocess.run([BINARY, "route", "--config", "/dev/null", *args], timeout=60, check=False, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def port(num, lid=0, peer=None):
    up = peer is not None or num == 0
    made = {"num": num, "info_answer": "answered", "counters_answer": "answered",
            "info": {"lid": lid, "state": "Active" if up else "Down", "phys_state": "LinkUp" if up else "Polling",
                     "width_active": 2, "speed_active": "EDR", "operational_vls": 1}}
    if peer:
        made["peer"] = list(peer)
    return made


class Ring:
    """Switches s0 … in a ring, a host h0 … at port 1 of each; onwards by port 2, back by port 3."""

    def __init__(self, count=6):
        self.count = count
        self.nodes = [self.host(i) for i in range(count)] + [self.switch(i) for i in range(count)]

    def host_lid(self, i):
        return 1 + i

    def switch_lid(self, i):
        return 1 + self.count + i

    def host(self, i):
        return {"guid": "0x%016x" % (0x100 + i), "type": "adapter", "num_ports": 1, "name": "h%d" % i,
                "description": "h%d mlx5_0" % i, "answer": "answered", "route": [] if i == 0 else [1, 1 + i],
                "ports": [dict(port(1, self.host_lid(i), (self.count + i, 1)), guid="0x%016x" % (0x200 + i))]}

    def switch(self, i):
        after, before = (i + 1) % self.count, (i - 1) % self.count
        exits = [NO_EXIT]
        for lid in range(1, 2 * self.count + 1):
            away = ((lid - 1) % self.count - i) % self.count
            here = 1 if lid <= self.count else 0
            exits.append(here if away == 0 else 2 if away <= self.count // 2 else 3)
        return {"guid": "0x%016x" % (0x300 + i), "type": "switch", "num_ports": 4, "name": "s%d" % i,
                "description": "s%d" % i, "answer": "answered", "switch_answer": "answered", "route": [1, 2, i],
                "ports": [port(0, self.switch_lid(i)), port(1, peer=(i, 1)), port(2, peer=(self.count + after, 3)),
                          port(3, peer=(self.count + before, 2)), port(4)],
                "tables": {"linear": {"table": "".join("%02x" % e for e in exits), "answer": "answered", "sweep": 1}}}

    def tables(self, i):
        return self.nodes[self.count + i]["tables"]

    def set(self, i, lid, exit_port):
        table = self.tables(i)["linear"]
        table["table"] = table["table"][:2 * lid] + "%02x" % exit_port + table["table"][2 * lid + 2:]

    def snapshot(self):
        none = {"sent": 0, "answered": 0, "timeouts": 0, "errors": 0, "dropped": 0}
        mads = {"smp": none, "pma": none, "sa": none}
        seen = {"expected": 2 * self.count, "answered": 2 * self.count, "unanswered": 0}
        return {"schema": 1,
                "local": {"device": "mlx5_0", "port": 1, "guid": "0x%016x" % 0x200, "lid": 1, "sm_lid": 1},
                "sweep": {"number": 1, "started": "2026-01-01T00:00:00.000Z", "duration_seconds": 1, "full": True,
                          "complete": True, "mads": mads, "mads_total": mads,
                          "coverage": {"nodes": seen, "ports": seen, "not_applicable": 0}},
                "sm": {"lid": 1, "answer": "answered",
                       "info": {"guid": "0x%016x" % 0x200, "activity": 1, "priority": 0, "state": "MASTER"}},
                "nodes": self.nodes}


class AtADesk(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def save(self, ring):
        path = os.path.join(self.folder, "sweep.json")
        with open(path, "w", encoding="ascii") as file:
            json.dump(ring.snapshot(), file)
        return path

    def ask(self, ring, *args):
        done = route("--from", self.save(ring), "--format", "json", *args)
        try:
            return done.returncode, json.loads(done.stdout)
        except ValueError:
            self.fail("exit %d: %s %s" % (done.returncode, done.stdout[:300], done.stderr))


class Ways(AtADesk):
    def test_a_way_is_printed_link_by_link(self):
        code, report = self.ask(Ring(), "h0", "h2")
        self.assertEqual(code, OK)
        (way,) = report["routes"]
        self.assertEqual((way["ending"], way["wrong"]), ("arrives", None))
        self.assertEqual([(s["from"]["node"], s["from"]["port"], s["to"]["port"], s["to"]["node"]) for s in way["steps"]],
                         [("h0", 1, 1, "s0"), ("s0", 2, 3, "s1"), ("s1", 2, 3, "s2"), ("s2", 1, 1, "h2")])
        self.assertEqual({(s["state"], s["speed"]) for s in way["steps"]}, {("Active", "4x EDR")})
        text = route("--from", self.save(Ring()), "host:h0", "0x%016x" % 0x102)
        self.assertEqual(text.returncode, OK, text.stderr)
        self.assertIn('[2] -> switch 0x0000000000000301 [3] lid 8 "s1"', text.stdout)
        self.assertIn("arrives over 4 links", text.stdout)

    def test_a_way_that_breaks_says_where(self):
        for exit_port, words in ((NO_EXIT, "s1 has no entry for LID 3"), (4, "out of port 4, which carries nothing"),
                                 (3, "again and again"), (1, "to another port than the one with that LID")):
            ring = Ring()
            ring.set(1, ring.host_lid(2), exit_port)
            code, report = self.ask(ring, "h0", "h2")
            self.assertEqual((code, report["routes"][0]["ending"]), (CRITICAL, "broken"))
            self.assertIn(words, report["routes"][0]["wrong"])

    def test_a_table_that_was_not_read_is_not_known(self):
        ring = Ring()
        ring.tables(1)["linear"] = {"answer": "timeout"}
        code, report = self.ask(ring, "h0", "h2")
        self.assertEqual((code, report["routes"][0]["ending"]), (UNKNOWN, "unknown"))
        self.assertIn("table of s1", report["routes"][0]["wrong"])

    def test_names_that_are_not_there_are_usage(self):
        path = self.save(Ring())
        for args in (("h0", "h9"), ("h0",), (), ("h0", "h1", "--loops"), ("switch:h0", "h1")):
            self.assertEqual(route("--from", path, *args).returncode, USAGE, args)
        self.assertEqual(route("--from", path + "x", "h0", "h1").returncode, UNKNOWN)


class Cycles(AtADesk):
    def test_a_ring_has_a_cycle_each_way_round(self):
        code, report = self.ask(Ring(), "--loops")
        self.assertEqual((code, report["verdict"]), (CRITICAL, "critical"))
        (plane,) = report["planes"]
        self.assertEqual([c["kind"] for c in plane["cycles"]], ["credits", "credits"])
        self.assertEqual([s["from"]["node"] for s in plane["cycles"][0]["steps"]], ["s%d" % i for i in range(6)])
        text = route("--from", self.save(Ring()), "--loops")
        self.assertIn("A cycle of credits", text.stdout)

    def test_a_ring_of_three_has_none(self):
        code, report = self.ask(Ring(3), "--loops")
        self.assertEqual((code, report["planes"][0]["summary"]), (OK, "no cycle"))

    def test_without_tables_nothing_is_known(self):
        ring = Ring(3)
        for i in range(3):
            ring.tables(i).clear()
        self.assertEqual(self.ask(ring, "--loops")[0], UNKNOWN)


if __name__ == "__main__":
    unittest.main(verbosity=2)
