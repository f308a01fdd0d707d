"""Names that a device may give itself, and nobody would."""

import json
import os
import subprocess
import sys
import tempfile

import lab
from program import BINARY, OK, LabTest, Monitor, judge, main

HOSTILE = b"\x1b[31m\xff\xfe\xc3(\\n} 1\x7f\t{x=\\"


class Hostile(LabTest):
    def setUp(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "topology.txt")
            subprocess.run([sys.executable, lab.FATTREE, *lab.LEAF_PAIRS, "-o", path], check=True,
                           stderr=subprocess.DEVNULL)
            with open(path, "rb") as f:
                text = f.read()
            for name in (b"node03 mlx5_0", b"MF0;spine01:SB7800/U1"):
                text = text.replace(b'"%s"' % name, b'"%s"' % HOSTILE)
            with open(path, "wb") as f:
                f.write(text)
            self.f = self.fabric(path)

    def test_a_fabric_with_hostile_names_is_judged_like_any_other(self):
        checked = judge(self.f)
        self.assertEqual((checked.code, checked.coverage["nodes"]["answered"]), (OK, 22), checked)

    def test_hostile_names_reach_neither_terminal_nor_json_as_they_are(self):
        for args in (["check", "--fabric", "--window", "0s", "--all"], ["sweep", "--format", "json"]):
            done = self.f.run([BINARY, *args])
            self.assertFalse([c for c in done.stdout if ord(c) < 32 and c != "\n" or ord(c) == 127 or c == "\ufffd"],
                             args)
        names = [n.get("description", "") for n in json.loads(done.stdout)["nodes"]]
        self.assertEqual(sum("[31m" in name for name in names), 2, names)

    def test_hostile_names_are_valid_labels(self):
        page = Monitor(self.f).wait_ready().get("/metrics")[1]
        self.assertEqual(page.count("[31m"), sum("[31m" in line for line in page.splitlines()))
        done = subprocess.run(["promtool", "check", "metrics"], input=page, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, ""))


if __name__ == "__main__":
    main()
