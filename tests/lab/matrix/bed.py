"""A simulated site that the rows of the matrix share: a fabric, two subnet managers, and a monitor with a journal.

A row breaks something with the bed's methods; each notes how to undo itself, so that the next row finds the bed whole.
What the monitor says is watched all the time, by a thread: nothing that it says between two steps of a row is missed.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

import lab
from pairs import groups
from program import judge
from windows import WindowMonitor

# Three pairs of leaves, of which every host has a port at both, and three spines. At a leaf ports 1 to 3 are hosts and 4
# to 6 spines; port N of a spine is leaf N. Programs are at node7, at the same leaves as the managers, so that no fault
# elsewhere comes between them. The last spine and node6 are not there, so that a row can add them.
TOPOLOGY = ("--leaf-pairs", "--radix", "24", "--leaves", "6", "--hosts-per-leaf", "3", "--oversubscription", "1",
            "--spines", "3")
# A standby takes over within seconds.
QUICK_SM = "sminfo_polling_timeout 500\npolling_retry_number 2\n"
# Seconds for what takes an hour on a real site, and patience with a machine that is busy.
SETTINGS = """  node-lost:
    warn_after_seconds: 8
  pair-intermittent:
    window_seconds: 3
  pair-standby-unproven:
    idle_seconds: 60
  pair-correlated:
    remember_seconds: 1
  pair-member-restarted:
    remember_seconds: 1
  link-flapping:
    window_seconds: 60
    downs: 12
  link-errors:
    window_seconds: 10
  transmit-discards:
    transmit_discards: 5000
  host-silent:
    silent_seconds: 2
  route-unbalanced:
    times: 2
    min_ways: 6
"""
PATIENCE, QUIET = 25.0, 60.0  # seconds that a bed may take to be whole again, and that anything else may take


class Looked:
    """What the monitor said, from one moment until it said something else."""

    def __init__(self, at, report):
        self.at, self.verdict = at, report["verdict"]
        self.sweep = (report.get("sweep") or {}).get("started", "")
        findings = report["findings"]
        self.alarms = {(f["rule"], weight(f)) for f in findings if has_weight(f)}
        self.about = {(f["rule"], f["subject"], f.get("window") or "") for f in findings if has_weight(f)}
        self.folded = {f["rule"] for f in findings if f.get("because")}
        self.notes = {f["rule"] for f in findings if weight(f) == "note"}
        self.said = ["%s %s %s%s: %s" % (f["rule"], weight(f), f["subject"], excuse(f), f["summary"])
                     for f in findings]

    def __str__(self):
        return "%s\n  %s" % (self.verdict, "\n  ".join(self.said))


def weight(finding):
    return "unknown" if finding["unknown"] and finding["severity"] != "critical" else finding["severity"]


def excuse(finding):
    return "".join(" (%s: %s)" % (word, finding[word]) for word in ("because", "accepted", "explained")
                   if finding.get(word))


def has_weight(finding):
    return weight(finding) != "note" and not any(finding.get(w) for w in ("because", "accepted", "explained"))


class Bed:
    PAIRS, PAIR_INTERVAL = (), "5s"

    def __init__(self):
        self.undone, self.looks, self.lock, self.over = [], [], threading.Lock(), threading.Event()
        self.window = self.monitor = None
        self.marked = self.found = 0.0
        self.counted = 0
        self.broken = ""  # why it cannot be used again

    def __enter__(self):
        self.fabric = lab.Fabric(self.netfile(), sm=False)
        self.fabric.__enter__()
        self.fabric.own = self.fabric.hosts[-3]
        try:
            with open(self.fabric.path("sm.conf"), "w", encoding="ascii") as f:
                f.write(QUICK_SM)
            for node in self.managers():
                self.start_sm(node)
                self.ready()
            self.start_monitor()
            self.watcher = threading.Thread(target=self._watch, daemon=True)
            self.watcher.start()
            self.monitor.wait_baseline()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.over.set()
        self.fabric.__exit__()
        shutil.rmtree(self.folder, ignore_errors=True)

    def managers(self):
        """The nodes with a subnet manager, the master first."""
        return [self.fabric.hosts[-2], self.fabric.hosts[-1]]

    def netfile(self):
        """The fabric without the switch and the host that rows add."""
        with tempfile.NamedTemporaryFile("r+", suffix=".txt") as whole:
            subprocess.run([sys.executable, lab.FATTREE, *TOPOLOGY, "-o", whole.name], check=True,
                           stderr=subprocess.DEVNULL)
            nodes = list(lab.parse_netfile(whole.name).values())
            lines = whole.readlines()
        by_name = lambda part: next(node for node in nodes if part in node.description)
        self.spare_switch, self.spare_host = by_name("spine03"), by_name("node6")
        ends = {(node.id, port) for node in nodes for port, (peer, _) in node.links.items()
                if {node.id, peer} & {self.spare_switch.id, self.spare_host.id}}
        self.folder = tempfile.mkdtemp(prefix="aftershock-matrix-")
        path, node = os.path.join(self.folder, "site.txt"), ""
        with open(path, "w", encoding="utf-8") as out:
            for line in lines:
                head, port = re.match(r'(?:Switch|Ca)\s+\d+\s+"([^"]+)"', line), re.match(r"\[(\d+)\]", line)
                node = head[1] if head else node
                if not port or (node, int(port[1])) not in ends:
                    out.write(line)
        return path

    def start_monitor(self, more="", **how):
        settings = SETTINGS + (groups(*self.PAIRS) if self.PAIRS else "")
        self.monitor = WindowMonitor(self.fabric, settings=settings + more, pair_interval=self.PAIR_INTERVAL, **how)
        self.monitor.wait_ready()

    # --- what is said ---

    def _watch(self):
        while not self.over.wait(0.1):
            monitor = self.monitor
            status, text = monitor.get("/report.json") if monitor else (0, "")
            if status != 200 or monitor is not self.monitor:
                continue
            look = Looked(time.monotonic(), json.loads(text))
            with self.lock:
                self.looks.append(look)

    def since(self, moment):
        with self.lock:
            return [look for look in self.looks if look.at >= moment]

    def now(self):
        """What is said from now on."""
        before = time.monotonic()
        return lab.wait_for("the monitor says something", lambda: self.since(before), 30)[0]

    def sweep_at(self, moment):
        """The sweep that was reported then."""
        with self.lock:
            return next((look.sweep for look in reversed(self.looks) if look.at <= moment), "")

    def wait(self, what, attempt, limit=QUIET, since=None):
        """The first look from now on, or `since`, for which attempt(look) is true."""
        start, seen = since or time.monotonic(), []

        def found():
            seen[:] = self.since(start)
            return next((look for look in seen if attempt(look)), None)
        try:
            return lab.wait_for(what, found, limit, 0.1)
        except AssertionError as e:
            raise AssertionError("%s; said last: %s\n%s" % (e, seen[-1] if seen else "nothing",
                                                           self.monitor.program.text()[-1500:])) from e

    def quiet(self):
        assert not self.broken, self.broken
        return self.wait("all is well", lambda look: look.verdict == "ok" and not look.alarms, PATIENCE)

    def sweeps(self, count=1):
        """Waits for so many whole sweeps that begin after now; that of the first report may have begun before."""
        start = time.monotonic()
        known = {self.sweep_at(start)}
        self.wait("%d more sweeps" % count, lambda _: len({look.sweep for look in self.since(start)} - known) > count)

    def mark(self):
        """The fault happens now: time to detect counts from here."""
        self.marked, self.found = time.monotonic(), 0.0

    def tell(self):
        """It is told now, elsewhere than in the monitor's findings."""
        self.found = time.monotonic()

    # --- what befalls the fabric; each undoes itself when the row is over ---

    def node(self, name):
        if isinstance(name, lab.Node):
            return name
        if name in self.fabric.nodes:
            return self.fabric.nodes[name]
        if name.startswith("node"):
            return self.fabric.hosts[int(name[4:]) - 1]
        return self.fabric.named(name)

    def undo(self, action):
        self.undone.append(action)

    def unlink(self, name, port="all"):
        node = self.node(name)
        self.fabric.unlink(node, port)
        self.undo(lambda: self.relink(node, port))

    def relink(self, name, port="all"):
        try:
            self.fabric.relink(self.node(name), port)
        except RuntimeError as e:
            if "no previous link" not in str(e):  # it has been put back before
                raise

    def add(self, node, *ports):
        """Cables of one of the spares are put in."""
        for port in ports:
            self.cable(node.id, port, *node.links[port])

    def cable(self, name, port, peer, far):
        """A new cable between two free ports."""
        node, peer = self.node(name), self.node(peer)
        self.fabric.console('Link "%s"[%d] "%s"[%d]' % (node, port, peer, far))
        self.undo(lambda: [self.fabric.console('Clear "%s"[%d]' % end) for end in ((node, port), (peer, far))])

    def swap(self, name, one, other):
        """Two cables of a switch change their places there."""
        node = self.node(name)
        ends = {one: node.links[one], other: node.links[other]}
        self._plug(node, {one: ends[other], other: ends[one]})
        self.undo(lambda: self._plug(node, ends))

    def _plug(self, node, ends):
        for port in ends:
            self.fabric.console('Clear "%s"[%d]' % (node, port))
        self.mark()
        for port, (peer, far) in ends.items():
            self.fabric.console('Link "%s"[%d] "%s"[%d]' % (node, port, peer, far))

    def loss(self, name, percent, port="all"):
        node = self.node(name)
        self.fabric.error(node, port, percent)
        self.undo(lambda: self.fabric.error(node, port, 0))

    def counter(self, name, port, **values):
        self.fabric.counter(self.node(name), port, **values)

    def more(self, count):
        """The value of a counter that nobody clears, which rises by so much with each call."""
        self.counted = (self.counted + count) % 65000
        return self.counted

    def guid(self, name, guid):
        node = self.node(name)
        burn = lambda value: self.fabric.console('Guid "%s" 0x%x' % (node, value))
        burn(guid)
        self.undo(lambda: burn(node.guid))

    def lid(self, name, port, lid):
        node = self.node(name)
        was = self.lid_of(node)
        self.fabric.baselid(node, port, lid)
        self.undo(lambda: self.fabric.baselid(node, port, was))

    def width(self, route, port, enabled, was=3):
        """The enabled width of the port of a switch: 1 is 1x, 3 is 1x or 4x."""
        set_to = lambda value: self.fabric.run(["ibportstate", "-D", route, str(port), "width", str(value)])
        assert set_to(enabled).returncode == 0
        self.undo(lambda: set_to(was))

    def start_sm(self, node, *options):
        priority = "8" if node is self.managers()[0] else "5"
        self.fabric.sm(node, "-p", priority, "-F", self.fabric.path("sm.conf"), *options)

    def stop_sm(self, node, sig="TERM"):
        self.fabric.sm_stop(node, sig)
        self.undo(lambda: self.fabric.sm_stop(node, "CONT") if sig == "STOP" else self.resume_sm(node))

    def resume_sm(self, node):
        """Starts it again; the first of the managers is the master then, as before."""
        self.start_sm(node)
        if node is self.managers()[0]:
            for other in self.managers()[1:]:
                if self.running_sm(other):
                    self.fabric.sm_stop(other)
                    self.wait_master(node)
                    self.start_sm(other)
            self.wait_master(node)
        self.ready()

    def running_sm(self, node):
        return os.path.exists(self.fabric.path("sm/%s.pid" % node.id))

    def wait_master(self, node):
        """That one has become master, and the fabric is as it leaves it."""
        log = self.fabric.path("sm/%s/opensm.log" % node.id)

        def master():
            with open(log, encoding="utf-8", errors="replace") as f:
                entered = re.findall(r"Entering (\S+) state", f.read())
            return entered and entered[-1] == "MASTER"
        lab.wait_for("%s is the master" % node.description, master, QUIET)
        self.ready()

    def bring_up(self, name, port="all"):
        self.relink(name, port)
        self.ready()

    def ready(self):
        """OpenSM at times leaves a port in Init, of which the simulator lost an answer, until its next heavy sweep."""
        try:
            self.fabric.ready(4)
        except RuntimeError:
            self.heavy_sweep()
            self.fabric.ready(20)

    def heavy_sweep(self):
        """Of the manager that is the master in rest, or else the other."""
        self.fabric.sm_stop(next(node for node in self.managers() if self.running_sm(node)), "HUP")

    def clear(self, *names):
        """Somebody clears counters with perfquery, by LID, port by port."""
        for name in names:
            node = self.node(name)
            self.fabric.run(["perfquery", "-R", "-a", str(self.lid_of(node))])

    def lid_of(self, node):
        """The base LID of an adapter's first port, or of a switch."""
        text = self.fabric.console('Dump "%s"' % node)
        found = re.findall(r"lid (\d+)", text)
        return next(int(n) for n in found if int(n))

    def check(self, *args, **how):
        return judge(self.fabric, *args, **how)

    # --- the monitor ---

    def stop_monitor(self):
        code, _ = self.monitor.program.stop()
        assert code == 0, self.monitor.program.text()

    def again(self, **how):
        """The monitor is started again, with the same journal."""
        self.start_monitor(journal=self.monitor.journal, **how)

    def restart_at(self, clock):
        """The monitor is started again with its wall clock so far off, and again in time when the row is over."""
        self.stop_monitor()
        self.again(clock=clock)
        self.undo(lambda: [self.stop_monitor(), self.again()])

    def accept(self, *subject):
        """What is seen now becomes the baseline, or a part of it."""
        self.sweeps(1)
        done = self.monitor.command("baseline", "accept", *subject, "--reason", "so be it", form=())
        assert done.code == 0, done

    # --- windows ---

    def open(self, *args, **how):
        how = {"verify": "1s", "soak": "1s", **how}
        opened = self.monitor.open(*args, **how)
        if not isinstance(opened, str):
            return opened
        self.window = opened
        self.undo(lambda: self.cancel(opened))
        return opened

    def close(self, window=None):
        self.monitor.close(window or self.window)

    def cancel(self, window):
        if self.monitor.command("window", "show", window).json.get("state") not in ("passed", "failed", "cancelled"):
            self.monitor.command("window", "cancel", window, form=())

    def state(self, window=None):
        return self.monitor.command("window", "show", window or self.window).json.get("state")

    def wait_state(self, state, window=None):
        try:
            lab.wait_for("the window is " + state, lambda: self.state(window) == state, QUIET, 0.1)
        except AssertionError as e:
            raise AssertionError("%s\n%s" % (e, self.now())) from e

    def restore(self):
        """Undoes the row's doings, the last one first."""
        while self.undone:
            self.undone.pop()()
        self.window = None
        try:
            self.ready()
        except RuntimeError as e:
            self.broken = str(e)
