"""Forwarding tables and ways under the routing engines of a real OpenSM: ours against infiniband-diags'."""

import json
import random
import re

from program import BINARY, CRITICAL, OK, LabTest, judge, main

TREE = ("--levels", "2", "--radix", "8")
# From 1: "0x0003 012 : (Channel Adapter portguid 0x…: '…')"
ENTRY = re.compile(r"^0x([0-9a-f]{4}) (\d{3}) :", re.M)
# "[4] -> switch port {0xb8…}[1] lid 7-7 "leaf001""
HOP = re.compile(r"^\[(\d+)\] -> \w+ port \{(0x\w+)\}\[(\d+)\]", re.M)


def sweep(fabric):
    done = fabric.run([BINARY, "sweep", "--format", "json"])
    return json.loads(done.stdout)


def tables(report):
    """{guid: {lid: exit}} without what leads nowhere."""
    found = {}
    for node in report["nodes"]:
        text = ((node.get("tables") or {}).get("linear") or {}).get("table")
        if text is not None:
            exits = [int(text[i:i + 2], 16) for i in range(0, len(text), 2)]
            found[int(node["guid"], 16)] = {lid: e for lid, e in enumerate(exits) if e != 255}
    return found


class Engines(LabTest):
    def routed_by(self, engine, topology=TREE):
        f = self.fabric(topology, sm=False)
        f.sm(f.hosts[-1], "-R", engine)
        f.ready()
        return f

    def check_engine(self, engine):
        f = self.routed_by(engine)
        found = judge(f)
        self.assertEqual((found.verdict, found.alarms()), ("ok", []), found)
        report = sweep(f)
        ours = tables(report)
        self.assertEqual(len(ours), len(f.switches))
        lids = {}
        for node in report["nodes"]:
            for port in node["ports"]:
                lids[(int(node["guid"], 16), port["num"])] = (port.get("info") or {}).get("lid")
        rng = random.Random(engine)
        for switch in rng.sample(list(f.switches), 3):
            text = f.run(["ibroute", "-G", hex(switch.guid)]).stdout
            theirs = {int(lid, 16): int(port) for lid, port in ENTRY.findall(text)}
            self.assertEqual(ours[switch.guid], theirs, (engine, str(switch)))
        hosts = [n for n in report["nodes"] if n["type"] == "adapter"]
        path = f.path("sweep-%s.json" % engine)
        with open(path, "w", encoding="ascii") as file:
            json.dump(report, file)
        for a, b in (rng.sample(hosts, 2) for _ in range(3)):
            ends = [str(lids[(int(n["guid"], 16), n["ports"][0]["num"])]) for n in (a, b)]
            theirs = [(int(out), int(into)) for out, _, into in HOP.findall(f.run(["ibtracert", *ends]).stdout)]
            done = f.run([BINARY, "route", "--from", path, "--format", "json", *ends])
            self.assertEqual(done.returncode, OK, done.stderr)
            steps = json.loads(done.stdout)["routes"][0]["steps"]
            self.assertEqual([(s["from"]["port"], s["to"]["port"]) for s in steps], theirs, (engine, ends))

    def test_minhop(self):
        self.check_engine("minhop")

    def test_updn(self):
        self.check_engine("updn")

    def test_ftree(self):
        self.check_engine("ftree")

    def test_dor(self):
        self.check_engine("dor")

    def test_dfsssp(self):
        self.check_engine("dfsssp")


class Faults(LabTest):
    def test_an_entry_that_is_dropped_is_found_and_its_repair_ends_it(self):
        f = self.fabric()
        leaf = f.named("leaf01b")
        up = {port for port, (peer, _) in leaf.links.items() if peer.startswith("S-")}
        ports = [p for n in sweep(f)["nodes"] if n["type"] == "adapter" for p in n["ports"]]
        lids = {p["info"]["lid"] for p in ports if p.get("info")}
        text = f.run(["ibroute", "-G", hex(leaf.guid)]).stdout
        lid, port = next((int(l, 16), int(p)) for l, p in ENTRY.findall(text) if int(p) in up and int(l, 16) in lids)
        f.command("smpset", leaf.id, "lft", "%d=255" % lid)
        found = judge(f)
        self.assertEqual(found.code, CRITICAL, found)
        # What our own requests would take the missing way to does not answer either.
        self.assertEqual({x["rule"] for x in found.alarms()} - {"node-unresponsive"}, {"route-missing"}, found)
        f.command("smpset", leaf.id, "lft", "%d=%d" % (lid, port))
        self.assertEqual(judge(f).verdict, "ok")


if __name__ == "__main__":
    main()
