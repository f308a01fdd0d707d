"""Simulated fabrics for lab tests: started, broken and stopped from Python, several side by side.

    with Fabric(("--leaf-pairs", "--radix", "24", …)) as f:
        f.run(["iblinkinfo"])
        f.unlink(f.spine(0), 3)

Nothing is left behind, however the test ends. A guard process waits at the other end of a pipe; when the test closes
it, or dies, even by SIGKILL, the guard kills every process that has the fabric's directory as FABRIC_DIR in its
environment, which all that was started here inherit, and removes the directory. Leaving the `with` block is the same
way, so the way is never untested.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
FABRIC = os.path.join(HERE, "fabric", "fabric")
FATTREE = os.path.join(HERE, "fabric", "fattree.py")

# 16 hosts with two ports, each on another leaf of a pair; two parallel cables from each leaf to each of two spines.
LEAF_PAIRS = ("--leaf-pairs", "--radix", "24", "--leaves", "4", "--hosts-per-leaf", "8", "--oversubscription", "2",
              "--spines", "2")


def wait_for(what, attempt, limit=20.0, nap=0.05):
    """The first true value of attempt(), asked again and again; AssertionError after `limit` seconds."""
    end = time.monotonic() + limit
    while True:
        value = attempt()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError("not within %g s: %s" % (limit, what))
        time.sleep(nap)


class Node:
    def __init__(self, kind, node_id, ports, description):
        self.kind, self.id, self.ports, self.description = kind, node_id, ports, description
        self.guid = int(node_id.split("-")[-1], 16)
        self.links = {}  # port: (id of the peer, its port)

    def __str__(self):
        return self.id


def parse_netfile(path):
    """The nodes of a file in ibnetdiscover's format, by id."""
    nodes, node = {}, None
    with open(path, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            head = re.match(r'(Switch|Ca|Hca|Rt)\s+(\d+)\s+"([^"]+)"(?:\s+# "(.*?)")?', line)
            link = re.match(r'\[(\d+)\]\S*\s+"([^"]+)"\[(\d+)\]', line)
            if head:
                node = Node("switch" if head[1] == "Switch" else "adapter", head[3], int(head[2]), head[4] or "")
                nodes[node.id] = node
            elif link and node:
                node.links[int(link[1])] = (link[2], int(link[3]))
    return nodes


class Mads:
    """What a tap reported: counts by (class, method, attribute), and the totals of each process."""

    def __init__(self, report):
        self.counts, self.totals = {}, []
        if not os.path.exists(report):
            return
        with open(report, encoding="ascii") as lines:
            for line in lines:
                kind, *fields = line.split()
                value = {k: int(v, 0) for k, v in (f.split("=") for f in fields)}
                if kind == "mad":
                    key = (value["class"], value["method"], value["attr"])
                    self.counts[key] = self.counts.get(key, 0) + value["count"]
                else:
                    self.totals.append(value)

    @property
    def sent(self):
        return sum(self.counts.values())

    @property
    def methods(self):
        return {method for _, method, _ in self.counts}


class Background:
    """A program that runs beside the test; what it prints is in the file `log`."""

    def __init__(self, process, log):
        self.process, self.log = process, log
        self.pid = process.pid

    def text(self):
        with open(self.log, encoding="utf-8", errors="replace") as f:
            return f.read()

    def running(self):
        return self.process.poll() is None

    def stop(self, sig=signal.SIGTERM, limit=10.0):
        """Ends it; its exit code, and how long that took in seconds."""
        start = time.monotonic()
        self.process.send_signal(sig)
        return self.process.wait(limit), time.monotonic() - start


class Fabric:
    """One simulated fabric. `topology`: arguments of fattree.py, or the path of a file in ibnetdiscover's format."""

    def __init__(self, topology=LEAF_PAIRS, sm=True, ibsim=()):
        self.topology, self.sm_wanted, self.ibsim = topology, sm, ibsim

    def __enter__(self):
        self.dir = tempfile.mkdtemp(prefix="aftershock-lab-")
        self.guard = subprocess.Popen([sys.executable, os.path.abspath(__file__), "--guard", self.dir],
                                      stdin=subprocess.PIPE, start_new_session=True)
        self.environ = dict(os.environ, FABRIC_DIR=self.dir)
        self.started = []
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.guard.stdin.close()
        self.guard.wait()
        for process in self.started:
            process.wait()

    def _start(self):
        if isinstance(self.topology, str):
            netfile, self.broken = self.topology, []
        else:
            netfile = self.path("topology.txt")
            made = subprocess.run([sys.executable, FATTREE, *self.topology, "-o", netfile], check=True, text=True,
                                  stderr=subprocess.PIPE)
            self.broken = made.stderr.splitlines()[:-1]
        self.nodes = parse_netfile(netfile)
        self.switches = [n for n in self.nodes.values() if n.kind == "switch"]
        self.hosts = [n for n in self.nodes.values() if n.kind == "adapter"]
        self.own = self.hosts[0]  # where programs are attached unless they say otherwise
        self.command("up", netfile, *self.ibsim)
        if self.sm_wanted:
            self.sm(self.hosts[-1])
            self.ready()

    def path(self, name):
        return os.path.join(self.dir, name)

    def named(self, part):
        """The one switch whose description has `part` in it."""
        found = [n for n in self.switches if part in n.description]
        assert len(found) == 1, (part, [n.description for n in found])
        return found[0]

    # --- programs ---

    def command(self, *args):
        """`fabric ARGS…`; what it printed."""
        done = subprocess.run([FABRIC, *map(str, args)], env=self.environ, text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if done.returncode:
            raise RuntimeError("fabric %s: %s" % (" ".join(map(str, args)), done.stderr.strip()))
        return done.stdout

    def command_line(self, cmd, at, tap, clock=None):
        line = [FABRIC, "run" if tap is None else "tap", "--at", str(at or self.own)]
        line += ["--clock", clock] if clock else []
        for option, value in (tap or {}).items():
            line += ["--" + option] + ([] if value is True else [str(value)])
        return line + ["--", *map(str, cmd)]

    def run(self, cmd, at=None, tap=None, timeout=60, env=None):
        """Runs `cmd` in the fabric to its end. `tap`: options of `fabric tap` as {"latency": 100, "report": FILE}."""
        return subprocess.run(self.command_line(cmd, at, tap), env={**self.environ, **(env or {})}, text=True,
                              errors="replace", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=timeout)

    def start(self, cmd, at=None, tap=None, log="background.log", clock=None):
        """Starts `cmd` in the fabric, in the background. `clock`: how far off its wall clock is, "-7200s"."""
        with open(self.path(log), "w", encoding="utf-8") as out:
            process = subprocess.Popen(self.command_line(cmd, at, tap, clock), env=self.environ, stdin=subprocess.DEVNULL,
                                       stdout=out, stderr=subprocess.STDOUT)
        self.started.append(process)
        return Background(process, self.path(log))

    # --- what befalls a fabric ---

    def ready(self, limit=60):
        self.command("ready", limit)

    def sm(self, node, *options):
        self.command("sm", node, *options)

    def sm_stop(self, node=None, sig="TERM"):
        self.command("sm-stop", node or self.hosts[-1], sig)

    def unlink(self, node, port="all"):
        self.command("unlink", node, port)

    def relink(self, node, port="all"):
        self.command("relink", node, port)

    def error(self, node, port, percent):
        self.command("error", node, port, percent)

    def counter(self, node, port, **values):
        """counter(leaf, 3, SymbolErrorCounter=12): registers of PortCounters."""
        for field, value in values.items():
            self.command("counter", node, port, "PortCounters.%s=%d" % (field, value))

    def baselid(self, node, port, lid):
        self.command("baselid", node, port, lid)

    def console(self, line):
        return self.command("console", line)


# --- the guard ---


def members(directory):
    """The processes that were started with `directory` as their FABRIC_DIR."""
    mark = b"FABRIC_DIR=" + os.fsencode(directory)
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/environ" % pid, "rb") as f:
                if mark in f.read().split(b"\0"):
                    found.append(int(pid))
        except OSError:
            continue  # it has just ended, or is not ours
    return found


def guard(directory):
    for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sig, signal.SIG_IGN)
    sys.stdin.buffer.read()
    quiet = 0
    while quiet < 2:  # twice, since one that is just being started may not have its environment yet
        running = members(directory)
        for pid in running:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        quiet = 0 if running else quiet + 1
        time.sleep(0.01)
    shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    guard(sys.argv[2])
