#!/usr/bin/env python3
"""Writes a fat-tree in ibnetdiscover's format, for ibsim and for programs that read such files.

Examples:
  fattree.py --leaf-pairs --radix 24 --leaves 4 --hosts-per-leaf 8 --spines 2
                                                         16 hosts with two ports, each on another leaf of a pair
  fattree.py --levels 2 --radix 36                       648 hosts, non-blocking
  fattree.py --levels 2 --radix 40 --leaves 4 --hosts-per-leaf 30 --oversubscription 3
  fattree.py --levels 3 --radix 36 --hosts 10368         11664 at most with radix 36
  fattree.py --levels 2 --radix 8 --remove-cables 3 --degrade-speed 1 --degrade-width 1 --duplicate-guid 1

What was broken is written to standard error, one line per change.
"""

import argparse
import math
import random
import sys

SPEEDS = ("SDR", "DDR", "QDR", "FDR10", "FDR", "EDR", "HDR")
# Speed: model of the switch, its device id, model of the adapter, its device id.
MODELS = {
    "SDR": ("IS5035", 0xBD36, "mlx4_0", 0x673C), "DDR": ("IS5035", 0xBD36, "mlx4_0", 0x673C),
    "QDR": ("IS5035", 0xBD36, "mlx4_0", 0x673C), "FDR10": ("SX6036", 0xC738, "mlx4_0", 0x1003),
    "FDR": ("SX6036", 0xC738, "mlx4_0", 0x1003), "EDR": ("SB7800", 0xCF08, "mlx5_0", 0x1013),
    "HDR": ("QM8700", 0xD2F0, "mlx5_0", 0x101B),
}
SWITCH_GUID = 0xB8CEF60300000000  # switches are 0x40 apart
HOST_GUID = 0x0C42A10300000000  # adapters are 8 apart: node GUID, port GUIDs of port 1, 2


class Node:
    def __init__(self, kind, guid, ports, description, device):
        self.kind, self.guid, self.ports, self.description, self.device = kind, guid, ports, description, device
        self.shown_guid = guid  # what the file says; another than guid only for a duplicate
        self.links = {}  # port: (node, its port, width, speed)
        self.lids = {}  # a switch has one, at port 0; an adapter one for each cabled port

    @property
    def id(self):
        return "%s-%016x" % ("S" if self.kind == "Switch" else "H", self.guid)

    def lid(self, port):
        return self.lids[0 if self.kind == "Switch" else port]

    def port_guid(self, port):
        return self.shown_guid if self.kind == "Switch" else self.shown_guid + port


class Fabric:
    def __init__(self, speed):
        self.speed = speed
        self.switches, self.hosts = [], []

    def switch(self, name, ports):
        model, device = MODELS[self.speed][:2]
        guid = SWITCH_GUID + 0x40 * (len(self.switches) + 1)
        self.switches.append(Node("Switch", guid, ports, "MF0;%s:%s/U1" % (name, model), device))
        return self.switches[-1]

    def host(self, name, ports):
        model, device = MODELS[self.speed][2:]
        guid = HOST_GUID + 8 * (len(self.hosts) + 1)
        self.hosts.append(Node("Ca", guid, ports, "%s %s" % (name, model), device))
        return self.hosts[-1]

    def cable(self, a, pa, b, pb):
        assert pa not in a.links and pb not in b.links and pa <= a.ports and pb <= b.ports, (a.id, pa, b.id, pb)
        self.set_link(a, pa, b, pb, 4, self.speed)

    @staticmethod
    def set_link(a, pa, b, pb, width, speed):
        a.links[pa] = (b, pb, width, speed)
        b.links[pb] = (a, pa, width, speed)

    def cables(self):
        """Every cable once, as (node, port) of its end with the smaller id."""
        return [(n, p) for n in self.switches + self.hosts for p, (m, q, _, _) in sorted(n.links.items())
                if (n.id, p) < (m.id, q)]

    def give_lids(self):
        lid = 0
        for n in self.switches + self.hosts:
            for p in [0] if n.kind == "Switch" else sorted(n.links):
                lid += 1
                n.lids[p] = lid


def tree_shape(args):
    """(hosts per leaf, uplinks per leaf)"""
    if args.hosts_per_leaf:
        down = args.hosts_per_leaf
        up = math.ceil(down / args.oversubscription)
    else:  # as many hosts as the ratio allows
        up = max(1, int(args.radix / (1 + args.oversubscription)))
        down = args.radix - up
    if down + up > args.radix:
        sys.exit("fattree: %d hosts and %d uplinks do not fit into %d ports" % (down, up, args.radix))
    return down, up


def leaf_name(args, index):
    if args.leaf_pairs:  # leaf01a and leaf01b are the pair of the first hosts
        return "leaf%02d%s" % (index // 2 + 1, "ab"[index % 2])
    return "leaf%03d" % (index + 1)


def attach_hosts(fabric, args, leaves, per_leaf):
    """One port of each host, or with leaf pairs one port on either leaf of a pair."""
    groups = [leaves[i:i + 2] for i in range(0, len(leaves), 2)] if args.leaf_pairs else [[leaf] for leaf in leaves]
    count = min(args.hosts or 10 ** 9, per_leaf * len(groups))
    for h in range(count):
        group, port = groups[h // per_leaf], h % per_leaf + 1
        host = fabric.host("node%0*d" % (len(str(count)), h + 1), len(group))
        for own_port, leaf in enumerate(group, 1):
            fabric.cable(leaf, port, host, own_port)


def two_levels(fabric, args):
    down, up = tree_shape(args)
    leaves_n = args.leaves or args.radix
    if args.hosts and not args.leaves:
        leaves_n = min(leaves_n, math.ceil(args.hosts / down) * (2 if args.leaf_pairs else 1))
    if args.leaf_pairs and leaves_n % 2:
        sys.exit("fattree: %d leaves are no pairs" % leaves_n)
    fits = lambda spines: up % spines == 0 and up // spines * leaves_n <= args.radix
    spines_n = args.spines or next((s for s in range(1, up + 1) if fits(s)), 0)
    if not spines_n or not fits(spines_n):
        sys.exit("fattree: %d uplinks of %d leaves do not spread evenly over %s spines of %d ports"
                 % (up, leaves_n, spines_n or "any number of", args.radix))
    each = up // spines_n
    leaves = [fabric.switch(leaf_name(args, i), args.radix) for i in range(leaves_n)]
    spines = [fabric.switch("spine%02d" % (i + 1), args.radix) for i in range(spines_n)]
    for l, leaf in enumerate(leaves):
        for s, spine in enumerate(spines):
            for k in range(each):
                fabric.cable(leaf, down + s * each + k + 1, spine, l * each + k + 1)
    return leaves, down


def three_levels(fabric, args):
    """Pods of radix/2 leaves and as many aggregation switches; aggregation switch a of every pod meets the cores of
    group a."""
    down, up = tree_shape(args)
    half = args.radix // 2
    per_pod = args.leaves or half
    if per_pod > half or up > half:
        sys.exit("fattree: a pod takes at most %d leaves with %d uplinks" % (half, half))
    pods = args.pods or (min(args.radix, math.ceil(args.hosts / (down * per_pod))) if args.hosts else args.radix)
    if pods > args.radix:
        sys.exit("fattree: at most %d pods" % args.radix)
    agg_up = math.ceil(per_pod / args.core_oversubscription)
    # A core takes one or more cables from each pod's aggregation switch of its group.
    cores = next(c for c in range(1, agg_up + 1) if agg_up % c == 0 and pods * (agg_up // c) <= args.radix)
    each = agg_up // cores
    core = [[fabric.switch("core%02d-%02d" % (a + 1, c + 1), args.radix) for c in range(cores)] for a in range(up)]
    leaves = []
    for p in range(pods):
        pod_leaves = [fabric.switch("pod%02d-leaf%02d" % (p + 1, i + 1), args.radix) for i in range(per_pod)]
        for a in range(up):  # one cable from each leaf to each aggregation switch
            agg = fabric.switch("pod%02d-agg%02d" % (p + 1, a + 1), args.radix)
            for l, leaf in enumerate(pod_leaves):
                fabric.cable(leaf, down + a + 1, agg, l + 1)
            for c in range(cores):
                for k in range(each):
                    fabric.cable(agg, per_pod + c * each + k + 1, core[a][c], p * each + k + 1)
        leaves += pod_leaves
    return leaves, down


def say(text):
    print(text, file=sys.stderr)


def break_cables(fabric, args, rng):
    candidates = [(n, p) for n, p in fabric.cables()
                  if args.break_hosts or (n.kind, n.links[p][0].kind) == ("Switch", "Switch")]
    rng.shuffle(candidates)
    if args.remove_cables + args.degrade_speed + args.degrade_width > len(candidates):
        sys.exit("fattree: there are only %d cables to break" % len(candidates))
    name = lambda n, p: "%s[%d] (%s)" % (n.id, p, n.description)
    for i in range(args.remove_cables + args.degrade_speed + args.degrade_width):
        n, p = candidates[i]
        m, q, width, speed = n.links[p]
        if i < args.remove_cables:
            del n.links[p], m.links[q]
            what = "removed cable"
        elif i < args.remove_cables + args.degrade_speed:
            speed = "QDR" if SPEEDS.index(speed) > SPEEDS.index("QDR") else "SDR"
            fabric.set_link(n, p, m, q, width, speed)
            what = "slowed down to %dx%s:" % (width, speed)
        else:
            fabric.set_link(n, p, m, q, 1, speed)
            what = "narrowed to 1x%s:" % speed
        say("%s %s - %s" % (what, name(n, p), name(m, q)))


def duplicate_guids(fabric, args, rng):
    if 2 * args.duplicate_guid > len(fabric.hosts):
        sys.exit("fattree: not enough hosts for duplicate GUIDs")
    hosts = rng.sample(fabric.hosts, 2 * args.duplicate_guid)
    for a, b in zip(hosts[0::2], hosts[1::2]):
        b.shown_guid = a.guid
        say("duplicate GUID %016x: %s and %s" % (a.guid, a.id, b.id))


def write(fabric, out):
    first = (fabric.hosts or fabric.switches)[0]
    out.write("#\n# Topology file: generated by fattree.py %s\n#\n# Initiated from node %016x port %016x\n"
              % (" ".join(sys.argv[1:]), first.guid, first.port_guid(1)))
    for n in fabric.switches:
        out.write("\nvendid=0x2c9\ndevid=0x%x\nsysimgguid=0x%x\nswitchguid=0x%x(%x)\n"
                  % (n.device, n.shown_guid, n.shown_guid, n.shown_guid))
        out.write('Switch\t%d "%s"\t\t# "%s" enhanced port 0 lid %d lmc 0\n' % (n.ports, n.id, n.description, n.lid(0)))
        for p, (m, q, width, speed) in sorted(n.links.items()):
            guid = "" if m.kind == "Switch" else "(%x) " % m.port_guid(q)
            out.write('[%d]\t"%s"[%d]%s\t\t# "%s" lid %d %dx%s\n'
                      % (p, m.id, q, guid, m.description, m.lid(q), width, speed))
    for n in fabric.hosts:
        out.write("\nvendid=0x2c9\ndevid=0x%x\nsysimgguid=0x%x\ncaguid=0x%x\n" % (n.device, n.shown_guid, n.shown_guid))
        out.write('Ca\t%d "%s"\t\t# "%s"\n' % (n.ports, n.id, n.description))
        for p, (m, q, width, speed) in sorted(n.links.items()):
            out.write('[%d](%x) \t"%s"[%d]\t\t# lid %d lmc 0 "%s" lid %d %dx%s\n'
                      % (p, n.port_guid(p), m.id, q, n.lid(p), m.description, m.lid(q), width, speed))


def arguments():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--levels", type=int, choices=(2, 3), default=2)
    a.add_argument("--leaf-pairs", action="store_true",
                   help="leaves come in pairs, and each host has a port on both leaves of a pair")
    a.add_argument("--radix", type=int, default=36, help="ports of a switch")
    a.add_argument("--hosts", type=int, default=0, help="at most this many hosts; the tree shrinks to fit")
    a.add_argument("--hosts-per-leaf", type=int, default=0, help="ports of a leaf that go to hosts")
    a.add_argument("--oversubscription", type=float, default=1.0, help="hosts per uplink of a leaf")
    a.add_argument("--core-oversubscription", type=float, default=1.0, help="3 levels: the same between pod and core")
    a.add_argument("--leaves", type=int, default=0, help="leaves (3 levels: per pod)")
    a.add_argument("--spines", type=int, default=0, help="2 levels: spines")
    a.add_argument("--pods", type=int, default=0, help="3 levels: pods")
    a.add_argument("--speed", choices=SPEEDS, default="EDR")
    a.add_argument("--remove-cables", type=int, default=0, metavar="N")
    a.add_argument("--degrade-speed", type=int, default=0, metavar="N", help="N links run at QDR (SDR when made for QDR)")
    a.add_argument("--degrade-width", type=int, default=0, metavar="N", help="N links run at 1x")
    a.add_argument("--duplicate-guid", type=int, default=0, metavar="N", help="N pairs of hosts share a GUID (ibsim -I)")
    a.add_argument("--break-hosts", action="store_true", help="break host cables too, not only those between switches")
    a.add_argument("--seed", type=int, default=1)
    a.add_argument("-o", "--output", default="-")
    args = a.parse_args()
    if args.leaf_pairs and args.levels != 2:
        a.error("--leaf-pairs needs --levels 2")
    return args


def main():
    args = arguments()
    fabric = Fabric(args.speed)
    leaves, per_leaf = (two_levels if args.levels == 2 else three_levels)(fabric, args)
    attach_hosts(fabric, args, leaves, per_leaf)
    fabric.give_lids()
    rng = random.Random(args.seed)
    break_cables(fabric, args, rng)
    duplicate_guids(fabric, args, rng)
    if args.output == "-":
        write(fabric, sys.stdout)
    else:
        with open(args.output, "w", encoding="ascii") as out:
            write(fabric, out)
    say("%d switches, %d CAs, %d cables" % (len(fabric.switches), len(fabric.hosts), len(fabric.cables())))


if __name__ == "__main__":
    main()
