"""Active probes between network namespaces, over veth links: replies with their latency, loss, the two ways of asking
told apart, hostile replies, and neighbour tables that stay as they are.

Needs unshare, nsenter and iproute2, and the right to make namespaces; ends with 77 and the reason otherwise.
"""

import contextlib
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time
import unittest

PROBE = os.environ.get("PROBE_ROUNDS", "")
SKIPPED = 77
US, PEER, OTHER = "10.9.0.1", "10.9.0.2", "10.9.0.3"
INSIDE = "PROBE_NAMESPACES_INSIDE"
ARP = 0x0806
REQUEST, REPLY = 1, 2


def ip(*args, where=()):
    return subprocess.run([*where, "ip", *args], check=True, text=True, stdout=subprocess.PIPE).stdout


class Peer:
    """A namespace with the other end of each of our links."""

    def __init__(self, links):
        self.holder = subprocess.Popen(["unshare", "--net", "sh", "-c", "echo ready; exec sleep 600"],
                                       stdout=subprocess.PIPE, text=True)
        self.holder.stdout.readline()
        self.where = ["nsenter", "--net=/proc/%d/ns/net" % self.holder.pid]
        for ours, theirs in links:
            ip("link", "add", ours, "type", "veth", "peer", "name", theirs, "netns", str(self.holder.pid))
            ip("link", "set", ours, "up")
            self.ip("link", "set", theirs, "up")
        # Until the kernel has seen the carrier, a queue that throws everything away stands in for the real one.
        for ours, theirs in links:
            while " state UP " not in ip("link", "show", ours) or " state UP " not in self.ip("link", "show", theirs):
                time.sleep(0.01)

    def ip(self, *args):
        return ip(*args, where=self.where)

    def close(self, links):
        for ours, _ in links:
            ip("link", "del", ours)
        self.holder.kill()
        self.holder.wait()
        self.holder.stdout.close()


class Prober:
    """The program under test; one round at a time."""

    def __init__(self, interface, *before):
        self.process = subprocess.Popen([*before, PROBE, PEER, interface], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)

    def round(self, milliseconds=600):
        self.process.stdin.write("%d\n" % milliseconds)
        self.process.stdin.flush()
        self.outcome = json.loads(self.process.stdout.readline())
        return {(r["kind"], r["interface"]): r for r in self.outcome["results"]}

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        return self.process.wait()


class Station(threading.Thread):
    """A peer of the test's own: `answer` makes packets of (how it came, what came)."""

    def __init__(self, peer, link, answer):
        super().__init__(daemon=True)
        mine = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        theirs = os.open("/proc/%d/ns/net" % peer.holder.pid, os.O_RDONLY)
        enter(theirs)
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ARP))
        self.socket.bind((link, ARP))
        enter(mine)
        os.close(mine)
        os.close(theirs)
        self.link, self.answer, self.seen = link, answer, []
        self.start()

    def run(self):
        with self.socket, contextlib.suppress(OSError):  # until its link is gone
            while True:
                self.serve()

    def serve(self):
        packet, (_, _, how, _, _) = self.socket.recvfrom(256)
        request = parse(packet)
        if request is None or request["operation"] != REQUEST:
            return
        self.seen.append((how, request))
        for made in self.answer(how, request):
            self.socket.sendto(made, (self.link, ARP, 0, 0, request["sender"]))


def enter(namespace):
    import ctypes
    if ctypes.CDLL(None, use_errno=True).setns(namespace, 0x40000000) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def parse(packet):
    if len(packet) < 28:
        return None
    hardware, protocol, hlen, plen, operation, sender, spa, target, tpa = struct.unpack("!HHBBH6s4s6s4s", packet[:28])
    return {"hardware": hardware, "operation": operation, "sender": sender, "spa": spa, "target": target, "tpa": tpa}


def reply(request, **changes):
    made = {"hardware": 1, "size": 6, "operation": REPLY, "sender": b"\2\0\0\0\0\x42", "spa": request["tpa"],
            "target": request["sender"], "tpa": request["spa"], **changes}
    return struct.pack("!HHBBH6s4s6s4s", made["hardware"], 0x0800, made["size"], 4, made["operation"], made["sender"],
                       made["spa"], made["target"], made["tpa"])


class Case(unittest.TestCase):
    LINKS = [("a0", "b0")]

    def setUp(self):
        self.peer = Peer(self.LINKS)
        self.addCleanup(self.peer.close, self.LINKS)

    def prober(self, interface="a0", *before):
        prober = Prober(interface, *before)
        self.addCleanup(prober.close)
        return prober

    def answered(self, seen, kind, interface="a0"):
        result = seen[kind, interface]
        return result["sent"], result["answered"]


class Probes(Case):
    def test_replies_are_counted_with_their_latency(self):
        self.peer.ip("addr", "add", PEER + "/24", "dev", "b0")
        prober = self.prober()
        prober.round()
        seen = prober.round()
        for kind in ("arp broadcast", "arp unicast"):
            self.assertEqual(self.answered(seen, kind), (2, 2))
            least, mean, most = seen[kind, "a0"]["latency"]
            self.assertTrue(0 < least <= mean <= most < 1, seen)

    def test_no_neighbour_table_learns_from_a_probe(self):
        self.peer.ip("addr", "add", PEER + "/24", "dev", "b0")
        for known in ("", "02:00:00:00:00:99"):
            if known:
                self.peer.ip("neigh", "add", US, "lladdr", known, "dev", "b0", "nud", "stale")
            before = self.peer.ip("neigh"), ip("neigh")
            seen = self.prober().round()
            self.assertEqual(self.answered(seen, "arp broadcast"), (1, 1))
            self.assertEqual(self.answered(seen, "arp unicast"), (1, 1))
            self.assertEqual((self.peer.ip("neigh"), ip("neigh")), before)

    def test_a_peer_that_is_silent_is_loss(self):
        self.peer.ip("addr", "add", PEER + "/24", "dev", "b0")
        prober = self.prober()
        prober.round()
        self.peer.ip("link", "set", "b0", "arp", "off")
        seen = prober.round()
        self.assertEqual(self.answered(seen, "arp broadcast"), (2, 1))
        self.assertEqual(self.answered(seen, "arp unicast"), (2, 1))

    def test_probes_say_nothing_of_who_asks(self):
        station = Station(self.peer, "b0", lambda how, request: [reply(request)])
        self.prober().round()
        probes = [request for _, request in station.seen if request["tpa"] == socket.inet_aton(PEER)]
        self.assertEqual(len(probes), 2)
        self.assertEqual({request["spa"] for request in probes}, {bytes(4)})

    def test_broadcast_and_unicast_are_told_apart(self):
        answering = {socket.PACKET_BROADCAST, socket.PACKET_HOST}
        # A station with the address of the veth link, so that a unicast to it is one to the host.
        mac = bytes.fromhex(json.loads(self.peer.ip("-j", "link", "show", "b0"))[0]["address"].replace(":", ""))
        Station(self.peer, "b0", lambda how, r: [reply(r, sender=mac)] if how in answering else [])
        prober = self.prober()
        prober.round()
        answering.discard(socket.PACKET_BROADCAST)
        seen = prober.round()
        self.assertEqual(self.answered(seen, "arp broadcast"), (2, 1))
        self.assertEqual(self.answered(seen, "arp unicast"), (2, 2))

    def test_hostile_replies_count_for_nothing(self):
        honest = []

        def answer(_, r):
            return [b"", b"\0" * 28, reply(r)[:27], reply(r, hardware=32), reply(r, size=20), reply(r, size=0),
                    reply(r, operation=REQUEST), reply(r, operation=77), reply(r, spa=socket.inet_aton(OTHER)),
                    reply(r, tpa=socket.inet_aton(US)), reply(r, target=b"\2\0\0\0\0\1"), os.urandom(200),
                    *(reply(r) for _ in honest)]
        Station(self.peer, "b0", answer)
        prober = self.prober()
        self.assertEqual(self.answered(prober.round(), "arp broadcast"), (1, 0))
        honest.append(True)
        self.assertEqual(self.answered(prober.round(), "arp broadcast"), (2, 1))

    def test_a_reply_that_comes_twice_counts_once(self):
        Station(self.peer, "b0", lambda how, r: [reply(r)] * 3 if how == socket.PACKET_BROADCAST else [])
        prober = self.prober()
        # Nothing tells the third reply to a broadcast from one to the unicast after it.
        self.assertEqual(self.answered(prober.round(), "arp broadcast"), (1, 1))

    def test_an_echo_has_the_full_size_of_the_link(self):
        ip("addr", "add", US + "/24", "dev", "a0")
        self.peer.ip("addr", "add", PEER + "/24", "dev", "b0")
        prober = self.prober()
        self.assertEqual(self.answered(prober.round(), "echo"), (1, 1))
        self.peer.ip("link", "set", "b0", "mtu", "1400")
        seen = prober.round()
        self.assertEqual(self.answered(seen, "echo"), (2, 1))
        self.assertEqual(self.answered(seen, "arp unicast"), (2, 2))

    def test_an_echo_without_an_address_is_not_sent(self):
        result = self.prober().round()["echo", "a0"]
        self.assertEqual((result["sent"], result["error"][0]), (0, "absent"))

    def test_an_interface_that_is_gone_or_down_is_said(self):
        prober = self.prober()
        ip("link", "set", "a0", "down")
        self.assertEqual(prober.round()["arp broadcast", "a0"]["error"][0], "absent")
        missing = self.prober("a9")
        self.assertIn("error", missing.round()["arp broadcast", "a9"])

    @unittest.skipUnless(shutil.which("setpriv"), "there is no setpriv")
    def test_without_the_capability_it_is_denied(self):
        ip("addr", "add", US + "/24", "dev", "a0")
        prober = self.prober("a0", "setpriv", "--bounding-set=-net_raw", "--inh-caps=-net_raw")
        seen = prober.round()
        for kind in ("arp broadcast", "arp unicast"):
            self.assertEqual(seen[kind, "a0"]["error"][0], "denied")


class Legs(Case):
    LINKS = [("a0", "b0"), ("a1", "b1")]

    def test_every_leg_is_probed_the_standby_too(self):
        self.peer.ip("addr", "add", PEER + "/24", "dev", "b0")
        prober = self.prober("bond9=a0,a1")
        seen = prober.round()
        self.assertEqual(self.answered(seen, "arp broadcast", "a0"), (1, 1))
        # The station answers for its address on either of its links.
        self.assertEqual(self.answered(seen, "arp broadcast", "a1"), (1, 1))
        self.peer.ip("link", "set", "b1", "arp", "off")
        seen = prober.round()
        self.assertEqual(self.answered(seen, "arp broadcast", "a0"), (2, 2))
        self.assertEqual(self.answered(seen, "arp broadcast", "a1"), (2, 1))
        self.assertIn(("echo", "bond9"), seen)


def why_not():
    lacking = [tool for tool in ("unshare", "nsenter", "ip") if not shutil.which(tool)]
    if lacking:
        return "there is no " + ", no ".join(lacking)
    if not PROBE:
        return "PROBE_ROUNDS names no program"
    tried = subprocess.run(unshare() + ["ip", "link", "add", "x", "type", "veth", "peer", "name", "y"], text=True,
                           stderr=subprocess.STDOUT, stdout=subprocess.PIPE)
    return tried.stdout.strip() if tried.returncode else None


def unshare():
    return ["unshare", "--net"] + ([] if os.geteuid() == 0 else ["--user", "--map-root-user"])


if __name__ == "__main__":
    if os.environ.get(INSIDE):
        unittest.main()
    reason = why_not()
    if reason:
        print("skipped: " + reason)
        sys.exit(SKIPPED)
    sys.exit(subprocess.run(unshare() + [sys.executable, "-B"] + sys.argv, env={**os.environ, INSIDE: "1"}).returncode)
