"""Hosts of pairs, and what a single check says of pairs."""

import os
import re

import lab
from pairs import PairMonitor, apart, groups
from program import BINARY, LabTest, judge, main

LEAVES = ("leaves", apart("leaf02a", "leaf02b"))
SPINES = ("spines", apart("spine01", "spine02"))


def cabled_twice(f_dir):
    """The usual fabric with node05 at leaf01a twice and node06 at leaf01b twice."""
    path = os.path.join(f_dir, "twice.txt")
    lab.subprocess.run([lab.sys.executable, lab.FATTREE, *lab.LEAF_PAIRS, "-o", path], check=True,
                       stderr=lab.subprocess.DEVNULL)
    with open(path, encoding="utf-8") as file:
        text = file.read()
    nodes = lab.parse_netfile(path)
    five, six = (n for n in nodes.values() if n.description in ("node05 mlx5_0", "node06 mlx5_0"))
    a, a_port = six.links[1]
    b, b_port = five.links[2]

    def cable(section, port, peer, far):
        nonlocal text
        head = text.index('"%s"\t\t#' % section)
        at = re.compile(r'^\[%d\].*$' % port, re.M).search(text, head)
        text = text[:at.start()] + '[%d]\t"%s"[%d] \t\t# lid 0 4xEDR' % (port, peer, far) + text[at.end():]

    cable(a, a_port, five.id, 2)
    cable(b, b_port, six.id, 1)
    cable(five.id, 2, a, a_port)
    cable(six.id, 1, b, b_port)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


class Hosts(LabTest):
    def test_a_host_cabled_twice_to_the_same_member_is_uneven(self):
        directory = lab.tempfile.mkdtemp()
        self.addCleanup(lab.shutil.rmtree, directory)
        f = self.fabric(cabled_twice(directory))
        monitor = PairMonitor(f, ("pair", apart("leaf01a", "leaf01b"))).wait_live()
        found = monitor.wait_rule("pair-uneven")
        self.assertIn("node05", found["summary"])
        self.assertIn("node06", found["summary"])

    def test_a_host_that_loses_a_leg_is_uneven_and_short_of_a_switch(self):
        f = self.fabric()
        monitor = PairMonitor(f, LEAVES).wait_live()
        monitor.wait("no host short", lambda: monitor.value("aftershock_hosts_short_of_switches") == 0)
        f.unlink(f.hosts[12], 2)
        found = monitor.wait_rule("pair-uneven")
        self.assertIn("node13", found["summary"])
        monitor.wait("1 host short", lambda: monitor.value("aftershock_hosts_short_of_switches") == 1)


class Check(LabTest):
    def config(self, f, *pairs):
        path = f.path("check.yaml")
        with open(path, "w", encoding="ascii") as out:
            out.write("fabric:\n  timeout: 2s\n" + groups(*pairs))
        return path

    def test_check_asks_members_several_times_within_its_window(self):
        f = self.fabric()
        path = self.config(f, LEAVES, SPINES)
        checked = judge(f, "--config", path, window="3s")
        self.assertEqual(checked.code, 0, checked)
        for group in checked.report["pairs"]["groups"]:
            self.assertEqual((group["live"], group["verdict"]), (2, "ok"))
            self.assertTrue(all(m["asked"] >= 20 for m in group["members"]), group)

    def test_check_sees_two_members_that_function_to_a_degree(self):
        f = self.fabric()
        path = self.config(f, LEAVES)
        for name in ("leaf02a", "leaf02b"):
            f.error(f.named(name), "all", 30)
        checked = judge(f, "--config", path, window="6s")
        self.assertEqual(checked.code, 2, checked)
        self.assertTrue(checked.findings("pair-both-intermittent", folded=True), checked)

    def test_a_shared_feed_is_told_before_anything_fails(self):
        f = self.fabric()
        path = self.config(f, ("leaves", [("leaf02a", {"power": "feed-A"}), ("leaf02b", {"power": "feed-A"})]), SPINES)
        checked = judge(f, "--config", path, window="1s")
        self.assertEqual([(x["rule"], x["subject"]) for x in checked.alarms()], [("pair-shared-risk", "pair:leaves")])
        self.assertEqual(checked.code, 1, checked)

    def test_members_whose_firmware_the_configuration_tells_apart_are_a_warning(self):
        f = self.fabric()
        path = self.config(f, ("leaves", [("leaf02a", {"firmware": "31.2"}), ("leaf02b", {"firmware": "31.4"})]), SPINES)
        checked = judge(f, "--config", path, window="1s")
        self.assertEqual([(x["rule"], x["subject"]) for x in checked.alarms()], [("pair-firmware-differs", "pair:leaves")])
        self.assertEqual(checked.code, 1, checked)

    def test_a_member_that_is_not_in_the_fabric_names_line_and_key(self):
        f = self.fabric()
        path = self.config(f, ("leaves", apart("leaf02a", "leaf09b")))
        checked = judge(f, "--config", path, window="1s")
        self.assertEqual(checked.code, 3, checked)
        self.assertIn("check.yaml:9: pairs[0].members[1]", checked.findings("pair-member-unknown")[0]["summary"])

    def test_what_suggest_proposes_is_a_configuration_and_the_fabric_is_well_by_it(self):
        f = self.fabric()
        done = f.run([BINARY, "pairs", "suggest"])
        self.assertEqual(done.returncode, 0, done.stderr)
        path = f.path("suggested.yaml")
        with open(path, "w", encoding="utf-8") as out:
            out.write(done.stdout)
        checked = judge(f, "--config", path, window="1s")
        self.assertEqual(checked.code, 0, checked)
        members = [{m["name"] for m in g["members"]} for g in checked.report["pairs"]["groups"]]
        for pair in ({"leaf01a", "leaf01b"}, {"leaf02a", "leaf02b"}, {"spine01", "spine02"}):
            self.assertIn(pair, members)


if __name__ == "__main__":
    main()
