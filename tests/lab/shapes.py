"""Fabrics that are no trees, as files in ibnetdiscover's format: a ring, a ring with a hub, a torus, a dragonfly."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "fabric"))
import fattree  # noqa: E402  (found by the line above)

RADIX = 24


class Shape(fattree.Fabric):
    """Cables go into the lowest free ports; hosts come first, so that they have port 1 of their switch on."""

    def __init__(self):
        super().__init__("EDR")

    def with_hosts(self, name, hosts):
        switch = self.switch(name, RADIX)
        for _ in range(hosts):
            host = self.host("node%d" % (len(self.hosts) + 1), 1)
            self.cable(switch, self.free(switch), host, 1)
        return switch

    @staticmethod
    def free(node):
        return next(p for p in range(1, node.ports + 1) if p not in node.links)

    def join(self, a, b):
        self.cable(a, self.free(a), b, self.free(b))

    def write(self, path):
        self.give_lids()
        with open(path, "w", encoding="utf-8") as out:
            fattree.write(self, out)
        return path


def ring(path, switches=6, hosts=1):
    shape = Shape()
    at = [shape.with_hosts("ring%d" % i, hosts) for i in range(switches)]
    for i, switch in enumerate(at):
        shape.join(switch, at[(i + 1) % switches])
    return shape.write(path)


def hub_ring(path, leaves=6, hosts=2):
    """Leaves in a ring, with a switch between any two, and a hub that joins all leaves. By way of the hub, two hops are
    enough, and nothing goes round; without it, everything does."""
    shape = Shape()
    at = [shape.with_hosts("leaf%d" % i, hosts) for i in range(leaves)]
    hub = shape.switch("hub", RADIX)
    for i, leaf in enumerate(at):
        shape.join(leaf, hub)
        between = shape.switch("between%d" % i, RADIX)
        shape.join(leaf, between)
        shape.join(between, at[(i + 1) % leaves])
    return shape.write(path)


def torus(path, columns=4, rows=4, hosts=1):
    shape = Shape()
    at = {(x, y): shape.with_hosts("torus%d-%d" % (x, y), hosts) for x in range(columns) for y in range(rows)}
    for (x, y), switch in at.items():
        shape.join(switch, at[(x + 1) % columns, y])
        shape.join(switch, at[x, (y + 1) % rows])
    return shape.write(path)


def dragonfly(path, groups=4, routers=3, hosts=1):
    """Each group is fully joined in itself, and has one cable to every other group."""
    shape = Shape()
    at = [[shape.with_hosts("group%d-%d" % (g, r), hosts) for r in range(routers)] for g in range(groups)]
    for g, group in enumerate(at):
        for i in range(routers):
            for j in range(i):
                shape.join(group[j], group[i])
        for far in range(g):
            shape.join(group[far % routers], at[far][g % routers])
    return shape.write(path)
