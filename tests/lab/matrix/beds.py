"""The other kinds of site, each for rows that need what the usual one has not."""

import os
import re
import tempfile

import bed
import lab
import shapes

PAIRS = ("leaf02", [("leaf02a", {"power": "feed-A"}), ("leaf02b", {"power": "feed-B"})])
MLID = "0xc000"
# The IPoIB group of the default partition at 4x EDR, in OpenSM's code (it would make one of 10 Gb/s), and another partition.
PARTITIONS = "Default=0x7fff, ipoib, rate=16: ALL=full;\nOther=0x0123: ALL=full;\n"


class PairsBed(bed.Bed):
    """With a redundancy group, whose members are asked twenty times a second."""

    PAIRS, PAIR_INTERVAL = (PAIRS,), "50ms"


class GroupBed(bed.Bed):
    """With an IPoIB broadcast group, whose members are at three leaves, and a second partition of all."""

    def start_sm(self, node, *options):
        path = self.fabric.path("partitions.conf")
        with open(path, "w", encoding="ascii") as f:
            f.write(PARTITIONS)
        super().start_sm(node, "-P", path, *options)

    def start_monitor(self, **how):
        """OpenSM at times makes no tree for those that join early, until its next heavy sweep."""
        for host in self.fabric.hosts[:2] + self.fabric.hosts[3:5] + self.fabric.hosts[-3:]:
            self.fabric.command("mcmember", "--at", host, "join")
        self.heavy_sweep()
        lab.wait_for("the group has a tree", lambda: all(self.tree(leaf) for leaf in ("leaf01a", "leaf02a", "leaf03a")))
        super().start_monitor(**how)

    def without_group(self):
        for node in self.managers():
            self.fabric.sm_stop(node)
        path = self.fabric.path("without.conf")
        with open(path, "w", encoding="ascii") as f:
            f.write(PARTITIONS.replace(", ipoib, rate=16", ""))
        for node in self.managers():
            super().start_sm(node, "-P", path)
            self.ready()
        self.mark()

    def tree(self, name):
        """The ports of a switch in the group's entry."""
        said = self.fabric.command("smpset", self.node(name), "mft", MLID)
        ports = re.search(r": ([\d,]+)$", said.strip())
        return [int(p) for p in ports[1].split(",")] if ports else []

    def cut_from_tree(self, name):
        """The switch above no longer sends what is for the group to this one."""
        leaf = self.node(name)
        far, port = next(leaf.links[p] for p in self.tree(name) if leaf.links[p][0].startswith("S-"))
        self.fabric.command("smpset", far, "mft", "%s-%d" % (MLID, port))
        self.undo(lambda: self.fabric.command("smpset", far, "mft", "%s+%d" % (MLID, port)))


class RingBed(bed.Bed):
    """Six leaves in a ring, and a hub that everything goes by as long as it is there."""

    def netfile(self):
        self.folder = tempfile.mkdtemp(prefix="aftershock-matrix-")
        return shapes.hub_ring(os.path.join(self.folder, "ring.txt"))


BEDS = {"site": bed.Bed, "pairs": PairsBed, "group": GroupBed, "ring": RingBed, "disk": bed.Bed, "clock": bed.Bed}
