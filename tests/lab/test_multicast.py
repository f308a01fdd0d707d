"""The multicast tree of the IPoIB broadcast group, as the real OpenSM makes it, and broken behind its back."""

import re

import program
from program import CRITICAL, judge

MLID = 0xC000


class Multicast(program.SharedFabricTest):
    """Six hosts are members: three at each of two leaves, which two spines join with two cables each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for host in cls.fabric.hosts[:3] + cls.fabric.hosts[8:11]:
            cls.fabric.command("mcmember", "--at", host, "join")
        cls.whole = cls.tree()

    @classmethod
    def tree(cls):
        """{switch: its ports in the group's entry}, of those that have one."""
        entries = {}
        for switch in cls.fabric.switches:
            text = cls.fabric.command("smpset", switch, "mft", hex(MLID))
            ports = re.search(r": ([\d,]+)$", text.strip())
            if ports:
                entries[switch] = [int(p) for p in ports[1].split(",")]
        return entries

    def change(self, switch, what):
        """As `smpset … mft` has it, until the test ends."""
        before = ",".join(map(str, self.whole.get(switch, []))) or "none"
        self.addCleanup(self.fabric.command, "smpset", switch, "mft", "%#x=%s" % (MLID, before))
        self.fabric.command("smpset", switch, "mft", "%#x%s" % (MLID, what))

    def broken(self):
        checked = judge(self.fabric, window="4s")
        return checked, checked.findings("multicast-broken")

    def leaf(self):
        """A leaf on the tree, and the (port, switch, port) of its cable up."""
        leaf = next(s for s in self.whole if "leaf" in s.description)
        up = next(p for p in self.whole[leaf] if leaf.links[p][0].startswith("S-"))
        far, far_port = leaf.links[up]
        return leaf, up, self.fabric.nodes[far], far_port

    def test_a_tree_of_the_real_opensm_is_whole(self):
        self.assertGreaterEqual(len(self.whole), 3)
        checked, found = self.broken()
        self.assertEqual([], found, checked)
        self.assertEqual([], checked.alarms(), checked)

    def test_a_leaf_missing_in_the_tree_is_found(self):
        leaf, _, far, far_port = self.leaf()
        self.change(far, "-%d" % far_port)
        checked, found = self.broken()
        self.assertEqual(["critical"], [f["severity"] for f in found], checked)
        self.assertIn("nothing joins to the rest", found[0]["summary"])
        self.assertEqual(CRITICAL, checked.code)

    def test_a_second_cable_in_the_tree_is_a_loop(self):
        leaf, up, far, _ = self.leaf()
        other = next(p for p, (peer, _) in leaf.links.items() if peer == far.id and p != up)
        self.change(leaf, "+%d" % other)
        self.change(far, "+%d" % leaf.links[other][1])
        checked, found = self.broken()
        self.assertEqual(["critical"], [f["severity"] for f in found], checked)
        self.assertIn("has a loop", found[0]["summary"])


if __name__ == "__main__":
    program.main()
