"""`aftershock plan` at a desk: files in, exit codes, text, JSON and drawings out."""

import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

BINARY = os.environ["AFTERSHOCK"]
FATTREE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lab", "fabric", "fattree.py")
OK, WARNING, CRITICAL, UNKNOWN, USAGE = 0, 1, 2, 3, 64
PAIRS = ("--leaf-pairs", "--radix", "24", "--leaves", "4", "--hosts-per-leaf", "8", "--oversubscription", "2",
         "--spines", "2")
DATA = os.environ.get("AFTERSHOCK_DATA")


def plan(*args):
    return subprocess.run([BINARY, "plan", "--config", "/dev/null", *args], timeout=60, check=False, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


class AtADesk(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def topology(self, *args, name="fabric.txt"):
        path = os.path.join(self.folder, name)
        subprocess.run([sys.executable, FATTREE, *args, "-o", path], check=True, stderr=subprocess.DEVNULL)
        return path

    def write(self, text, name="other.txt"):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        return path

    def json(self, *args):
        done = plan("--format", "json", *args)
        try:
            return done.returncode, json.loads(done.stdout)
        except ValueError:
            self.fail("exit %d: %s %s" % (done.returncode, done.stdout[:300], done.stderr))

    def config(self, text):
        return self.write(text, "config.yaml")


class Verdicts(AtADesk):
    def test_without_one_of_two_spines_redundancy_is_lost_and_its_peer_is_named(self):
        path = self.topology(*PAIRS)
        code, report = self.json("--from", path, "--without", "switch:spine01")
        self.assertEqual((code, report["verdict"], report["schema"]), (WARNING, "warning", 1))
        self.assertEqual(len(report["hosts"]), 16)
        for host in report["hosts"]:
            self.assertFalse(host["cut_off"])
            self.assertTrue(host["redundancy_lost"])
            self.assertIn("switch spine02", host["cut_off_by_one_more"])
            self.assertEqual((host["legs_before"], host["legs_after"], host["paths_before"], host["paths_after"]),
                             (2, 2, 2, 2))
        self.assertEqual({leaf["share"] for leaf in report["leaves"]}, {0.5})
        self.assertEqual(report["further"][0]["what"], "switch spine02")
        self.assertEqual(report["further"][0]["hosts_cut_off_because_of_plan"], 16)
        self.assertEqual((report["load"]["known"], report["load"]["fits"]), ("no", None))

    def test_without_a_leaf_its_hosts_keep_one_leg_and_are_named(self):
        path = self.topology(*PAIRS)
        code, report = self.json("--from", path, "--without", "switch:leaf01a")
        self.assertEqual(code, WARNING)
        lost = [h for h in report["hosts"] if h["redundancy_lost"]]
        self.assertEqual(len(lost), 8)
        for host in lost:
            self.assertEqual((host["legs_after"], host["paths_after"]), (1, 1))
            self.assertEqual([p["cut_off"] for p in host["ports"]], [True, False])

    def test_without_both_leaves_of_a_pair_their_hosts_are_cut_off(self):
        path = self.topology(*PAIRS)
        code, report = self.json("--from", path, "--without", "switch:leaf01a", "--without", "switch:leaf01b")
        self.assertEqual((code, sum(h["cut_off"] for h in report["hosts"])), (CRITICAL, 8))

    def test_a_link_among_many_is_safe_and_its_loss_is_a_share(self):
        path = self.topology("--levels", "2", "--radix", "8")
        code, report = self.json("--from", path, "--without", "link:leaf001/5")
        self.assertEqual(code, OK, report)
        self.assertEqual(sorted(leaf["share"] for leaf in report["leaves"])[:2], [0.75, 1])

    def test_a_hosts_own_link_cuts_it_off(self):
        path = self.topology("--levels", "2", "--radix", "8")
        code, report = self.json("--from", path, "--without", "link:leaf001/1")
        self.assertEqual((code, [h["name"] for h in report["hosts"] if h["cut_off"]]), (CRITICAL, ["node01"]))

    def test_a_shared_risk_takes_both_members_of_a_pair(self):
        path = self.topology(*PAIRS)
        config = self.config("pairs:\n  - name: spines\n    members:\n"
                             "      - {switch: spine01, risks: {power: feed-A}}\n      - {switch: spine02, risks: {power: feed-A}}\n")
        done = subprocess.run([BINARY, "plan", "--config", config, "--from", path, "--risk", "power=feed-A"],
                              timeout=60, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, CRITICAL, done.stdout + done.stderr)
        self.assertIn("16 hosts are cut off", done.stdout)
        done = subprocess.run([BINARY, "plan", "--config", config, "--from", path, "--risk", "power=feed-B"],
                              timeout=60, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, USAGE)
        self.assertIn("power=feed-A", done.stderr)

    def test_two_captures_of_separate_planes_are_one_machine(self):
        one = self.topology(*PAIRS)
        with open(one, encoding="ascii") as file:
            text = file.read()
        other = self.write(text.replace("b8cef603", "b8cef604").replace("0c42a103", "0c42a104").replace("c42a103", "c42a104")
                           .replace("mlx5_0", "mlx5_7").replace("leaf", "Bleaf").replace("spine", "Bspine"))
        code, report = self.json("--from", one, "--from", other, "--without", "switch:spine01", "--without",
                                 "switch:spine02")
        self.assertEqual(len(report["hosts"]), 16)
        self.assertEqual(len(report["planes"]), 2)
        self.assertEqual(code, WARNING, report["unknown"])
        for host in report["hosts"]:
            self.assertEqual((host["legs_before"], host["legs_after"], host["cut_off"]), (4, 2, False))
            self.assertEqual((host["paths_before"], host["paths_after"]), (4, 2))
        done = plan("--from", one, "--from", self.write(text, "again.txt"), "--without", "switch:leaf01a")
        self.assertEqual(done.returncode, USAGE)
        self.assertIn("not separate planes", done.stderr)

    def test_paths_to_one_host(self):
        path = self.topology(*PAIRS)
        _, report = self.json("--from", path, "--without", "switch:leaf01a", "--to", "node01")
        by_name = {h["name"]: h for h in report["hosts"]}
        self.assertEqual(by_name["node01"]["paths_before"], None)
        self.assertEqual((by_name["node16"]["paths_before"], by_name["node16"]["paths_after"]), (2, 1))

    def test_what_is_asked_for_and_taken_away_is_lost_to_everybody(self):
        done = plan("--from", self.topology(*PAIRS), "--without", "switch:spine02", "--to", "spine02")
        self.assertEqual(done.returncode, CRITICAL, done.stdout + done.stderr)
        self.assertIn("16 hosts lose every way there", done.stdout)
        self.assertIn("nobody is cut off", done.stdout)

    def test_a_capture_that_is_cut_off_is_unknown(self):
        with open(self.topology(*PAIRS), encoding="ascii") as file:
            text = file.read()
        path = self.write(text[:text.index("caguid") + 40])
        code, report = self.json("--from", path, "--without", "switch:spine01")
        self.assertEqual(code, UNKNOWN)
        self.assertIn("not described", report["unknown"][0])

    def test_a_switch_that_a_capture_cut_off_does_not_show_may_be_in_the_rest_of_it(self):
        with open(self.topology(*PAIRS), encoding="ascii") as file:
            text = file.read()
        done = plan("--from", self.write(text[:text.index("caguid") + 40]), "--without", "switch:spine77")
        self.assertEqual((done.returncode, done.stdout), (UNKNOWN, ""), done.stderr)
        self.assertIn("not described", done.stderr)

    def test_a_port_that_cannot_be_read_is_unknown(self):
        with open(self.topology(*PAIRS), encoding="ascii") as file:
            text = file.read()
        code, report = self.json("--from", self.write(text.replace("[10]\t", "[1?0]\t")), "--without", "switch:spine01")
        self.assertEqual(code, UNKNOWN, report)
        self.assertIn("cannot be read", report["unknown"][0])


class Usage(AtADesk):
    def test_what_is_not_understood_is_64_in_one_line(self):
        path = self.topology(*PAIRS)
        for args, word in (((), "nothing is taken away"), (("--without", "spine01"), "switch:NAME"),
                           (("--without", "switch:spine"), "spine01"), (("--without", "link:spine01/99"), "cable"),
                           (("--without", "switch:no\x1b[31mne"), "\\x1b"), (("--risk", "power=A"), "power=A"),
                           (("--without", "switch:spine01", "--to", "nobody"), "nobody"),
                           (("--without", "switch:spine01", "--head-room", "0"), "head-room"),
                           (("--without", "switch:spine01", "--head-room", "nan"), "head-room")):
            with self.subTest(args=args):
                done = plan("--from", path, *args)
                self.assertEqual((done.returncode, done.stdout), (USAGE, ""), done.stderr)
                self.assertIn(word, done.stderr)
                self.assertEqual(done.stderr.count("\n"), 1, done.stderr)

    def test_what_cannot_be_read_is_unknown(self):
        for source in ("/no/such/file", self.write("hello\n"), self.write(""), "http://127.0.0.1:1/",
                       "https://localhost/"):
            with self.subTest(source=source):
                done = plan("--from", source, "--without", "switch:x")
                self.assertEqual((done.returncode, done.stdout), (UNKNOWN, ""), done.stderr)
                self.assertEqual(done.stderr.count("\n"), 1, done.stderr)


class Output(AtADesk):
    def test_text_fits_a_terminal_and_names_the_losses_first(self):
        done = plan("--from", self.topology(*PAIRS), "--without", "switch:leaf01a", "--without", "switch:leaf01b")
        self.assertTrue(done.stdout.startswith("CRITICAL  8 hosts are cut off"), done.stdout)
        self.assertLessEqual(max(map(len, done.stdout.splitlines())), 100, done.stdout)
        self.assertIn("the load is not known", done.stdout)
        self.assertNotIn("safe", done.stdout)

    def test_a_drawing_is_well_formed_and_escapes_names(self):
        with open(self.topology(*PAIRS), encoding="ascii") as file:
            text = file.read()
        path = self.write(text.replace("spine02", "<script>alert('&')</script>\""))
        svg = os.path.join(self.folder, "plan.svg")
        done = plan("--from", path, "--without", "switch:spine01", "--svg", svg)
        self.assertEqual(done.returncode, WARNING, done.stderr)
        with open(svg, encoding="utf-8") as file:
            drawn = file.read()
        self.assertNotIn("<script", drawn)
        root = xml.etree.ElementTree.fromstring(drawn)
        titles = [t.text for t in root.iter("{http://www.w3.org/2000/svg}title")]
        self.assertEqual(len(titles), 6)

    def test_a_drawing_of_thousands_of_hosts_stays_small(self):
        svg = os.path.join(self.folder, "plan.svg")
        plan("--from", self.topology("--levels", "3", "--radix", "16"), "--without", "switch:pod01-agg01", "--svg", svg)
        self.assertLess(os.path.getsize(svg), 500_000)
        with open(svg, encoding="utf-8") as file:
            drawn = file.read()
        self.assertNotIn("<path", drawn)
        self.assertEqual(drawn.count('class="badge"'), 1 + 16)  # in the legend; 8 leaves below it and 8 cores above


@unittest.skipUnless(DATA, "AFTERSHOCK_DATA does not name the folder of the captures")
class Captures(AtADesk):
    def test_spines_of_a_real_fat_tree_may_go_one_at_a_time(self):
        path = os.path.join(DATA, "kalcher+infiniband_topology", "topo")
        code, report = self.json("--from", path, "--without", "switch:ib8")
        self.assertEqual((code, len(report["hosts"])), (WARNING, 144))
        shares = sorted((leaf["share"] for leaf in report["leaves"] if leaf["share"] is not None))
        self.assertEqual(shares, [0.5] * 5 + [4 / 7])

    def test_rails_are_counted_as_they_are_cabled_and_aggregation_nodes_are_no_hosts(self):
        path = os.path.join(DATA, "NVIDIA+topograph", "tests", "output", "ibnetdiscover", "example.out")
        code, report = self.json("--from", path, "--without", "switch:A10-P1-IBSPINE-02")
        self.assertEqual((code, report["not_hosts"]["aggregation_nodes"]), (OK, 40))
        legs = [h["legs_before"] for h in report["hosts"] if "MT4129" not in h["name"]]
        self.assertEqual((legs.count(4), legs.count(3)), (109, 10))
        self.assertFalse(any(re.search("Aggregation", h["name"]) for h in report["hosts"]))

    def test_every_small_capture_gives_an_answer(self):
        for number in range(1, 5):
            path = os.path.join(DATA, "jabl+ibtopotool", "tests", "%d.topo" % number)
            with open(path, encoding="utf-8") as file:
                switch = re.search(r"switchguid=(0x[0-9a-f]+)", file.read())[1]
            with self.subTest(number=number):
                code, report = self.json("--from", path, "--without", "switch:" + switch)
                self.assertEqual(code, CRITICAL, report)


if __name__ == "__main__":
    unittest.main(verbosity=1)
