"""Cables that run slower than they could, in ibsim and in a saved sweep."""

import json

from lab import LEAF_PAIRS
from program import BINARY, OK, WARNING, LabTest, judge, judge_file, main


class SlowLinks(LabTest):
    def sweep(self, f, name="sweep.json"):
        done = f.run([BINARY, "sweep", "--format", "json", "-o", f.path(name)])
        self.assertEqual(done.returncode, OK, done.stderr)
        return f.path(name)

    def slower_than_siblings(self, option):
        f = self.fabric(LEAF_PAIRS + (option, "1"))
        checked = judge(f)
        found = checked.findings("link-slower-than-siblings")
        self.assertEqual((checked.code, len(found), len(checked.alarms())), (WARNING, 1, 1), checked)
        self.assertIn(found[0]["subject"].split("/")[0].split(":")[1][2:], f.broken[0])

    def test_a_cable_at_1x_beside_one_at_4x_is_link_slower_than_siblings(self):
        self.slower_than_siblings("--degrade-width")

    def test_a_cable_at_qdr_beside_one_at_edr_is_link_slower_than_siblings(self):
        self.slower_than_siblings("--degrade-speed")

    def test_a_saved_sweep_gives_the_same_findings_as_the_fabric(self):
        f = self.fabric(LEAF_PAIRS + ("--degrade-width", "1"))
        f.counter(f.named("leaf01a"), 9, SymbolErrorCounter=65535)
        key = lambda checked: sorted((x["rule"], x["severity"], x["subject"]) for x in checked.findings(folded=True))
        saved, live = judge_file(self.sweep(f)), judge(f)
        self.assertEqual(saved.code, live.code)
        self.assertEqual(key(saved), key(live))

    def test_a_cable_below_what_both_ends_enable_is_link_degraded(self):
        # ibsim always runs a link at what its ends enable, so the width is lowered in a saved sweep.
        f = self.fabric()
        path = self.sweep(f)
        with open(path, encoding="utf-8") as saved:
            snapshot = json.load(saved)
        leaf = f.named("leaf01b")
        for node_id, number in ((leaf.id, 9), leaf.links[9]):
            node = next(n for n in snapshot["nodes"] if int(n["guid"], 16) == f.nodes[node_id].guid)
            port = next(p for p in node["ports"] if p.get("num", 0) == number)
            port["info"]["width_active"] = 1
        with open(path, "w", encoding="utf-8") as saved:
            json.dump(snapshot, saved)
        checked = judge_file(path)
        self.assertEqual(checked.code, WARNING, checked)
        self.assertEqual(len(checked.findings("link-degraded")), 1, checked)


if __name__ == "__main__":
    main()
