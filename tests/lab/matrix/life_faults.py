"""Faults of the watcher itself: its journal, its disk, its clock, its restarts. Blind is never green."""

import calendar
import json
import os
import shutil
import sqlite3
import time

import small_disk
from program import UNKNOWN
from row import FAULT, HEALTHY, REROUTED, Missed, Row
from windows import WindowMonitor

SPINE = ("--scope", "switch:spine02")
SOAK = {"soak": "20s"}


def fault(name, story, work, *alarms, passing=(), **how):
    return Row(FAULT, name, story, work, tuple(alarms), passing=REROUTED + passing, **how)


def expect(condition, what):
    if not condition:
        raise Missed(str(what))


def copy(bed, name):
    """A copy of the journal as it is now, and a monitor's commands for it."""
    path = bed.fabric.path(name)
    with sqlite3.connect(bed.monitor.journal) as source, sqlite3.connect(path) as target:
        source.backup(target)
    source.close()
    target.close()
    return path


def on(bed, journal, *args):
    return bed.monitor.command(*args, journal=journal)


def baseline_too_young(bed):
    bed.stop_monitor()
    bed.undo(lambda: bed.again())
    bed.undo(lambda: bed.stop_monitor())
    bed.mark()
    bed.start_monitor(journal=bed.fabric.path("young.db"), stable=600)
    opened = bed.open(*SPINE)
    expect(not isinstance(opened, str) and opened.code == UNKNOWN, opened)
    expect("baseline" in opened.text, opened)


def host_silent(bed):
    bed.close()


def host_unheard(bed):
    """The monitor reads another host's monitor, of which there is none."""
    bed.stop_monitor()
    bed.undo(lambda: [bed.stop_monitor(), bed.again()])
    bed.mark()
    bed.again(more="hosts: {urls: ['http://127.0.0.1:9'], interval: 1s}\n")


def monitor_killed(bed):
    """Nobody is there; half a minute of silence is written into the journal, rather than waited for."""
    bed.monitor.program.stop(9)
    bed.undo(lambda: [bed.fabric.command("reap"), bed.again()])
    bed.mark()
    with sqlite3.connect(bed.monitor.journal) as database:
        database.execute("UPDATE heartbeat SET wall = wall - 31000, boot_time_ns = boot_time_ns - 31000000000")
    database.close()
    gate = bed.monitor.gate(bed.window)
    expect(gate.code == UNKNOWN and "alive" in gate.text, gate)
    bed.tell()


def damaged(bed):
    broken = copy(bed, "damaged.db")
    with open(broken, "r+b") as file:
        file.seek(8192)
        file.write(b"\xa5" * 20000)
    with open(broken, "rb") as file:
        before = file.read()
    bed.mark()
    gate = on(bed, broken, "gate", bed.window)
    expect(gate.code == UNKNOWN, gate)
    verified = on(bed, broken, "journal", "verify")
    expect(verified.code == 2, verified)
    bed.tell()
    with open(broken, "rb") as file:
        expect(file.read() == before, "it was touched")


def damaged_under_monitor(bed):
    """A monitor that is started on it refuses, and leaves it as it is."""
    broken = copy(bed, "refused.db")
    os.truncate(broken, os.path.getsize(broken) // 2)
    bed.mark()
    refused = WindowMonitor(bed.fabric, journal=broken, at=bed.fabric.hosts[0])
    expect(refused.program.process.wait(30) not in (0, None), refused.program.text())
    expect("damaged" in refused.program.text(), refused.program.text())
    bed.tell()


def second_monitor(bed):
    bed.mark()
    second = WindowMonitor(bed.fabric, journal=bed.monitor.journal, at=bed.fabric.hosts[0])
    expect(second.program.process.wait(30) not in (0, None), second.program.text())
    expect("pid %d" % bed.monitor.program.pid in second.program.text(), second.program.text())
    bed.tell()


def on_small_disk(bed):
    """The monitor goes on with its journal on a disk that can be filled, until the row is over."""
    disk = small_disk.SmallDisk(bed.fabric.path("small"))
    bed.stop_monitor()
    bed.undo(lambda: [disk.remove(), bed.again()])
    bed.undo(lambda: bed.monitor.program.stop(9))
    bed.undo(lambda: bed.fabric.command("reap"))
    shutil.copy(bed.monitor.journal, disk.path("journal.db"))
    journal = bed.monitor.journal
    bed.undo(lambda: setattr(bed.monitor, "journal", journal))
    bed.start_monitor(journal=disk.path("journal.db"))
    return disk


def disk_full(bed):
    disk = on_small_disk(bed)
    bed.sweeps(1)
    bed.mark()
    disk.fill()


def dies_while_disk_is_full(bed):
    """A cable in scope goes and comes back while nothing can be written."""
    disk = on_small_disk(bed)
    bed.open(*SPINE, soak="60s")
    bed.close()
    bed.wait_state("soaking")
    disk.fill()
    bed.sweeps(1)
    bed.mark()
    bed.unlink("spine02")
    bed.wait("it is told", lambda look: ("switch-lost", "critical") in look.alarms)
    bed.tell()
    bed.bring_up("spine02")
    bed.sweeps(1)
    disk.make_room()
    bed.sweeps(2)


def clock_set_back_over_restart(bed):
    """The machine comes up two hours in the past; then a cable of the scope goes."""
    bed.restart_at("-7200s")
    bed.mark()
    bed.unlink("spine02", 3)


def erring_since(bed):
    """An hour and a half without errors before the window, and twelve minutes with some of one port since: written into
    the journal, rather than waited for, and the clock goes on by so much."""
    bed.stop_monitor()
    node, port = bed.node("spine02"), 3
    before, after = 90, 12
    with sqlite3.connect(bed.monitor.journal) as database:
        closed = json.loads(database.execute("SELECT body FROM window ORDER BY id DESC LIMIT 1").fetchone()[0])["closed"]
        minute = int(calendar.timegm(time.strptime(closed[:16], "%Y-%m-%dT%H:%M"))) // 60
        put = lambda at, guid, number: database.execute(
            "INSERT OR IGNORE INTO error_minute VALUES(?, ?, ?, 9, 1, 0)", (at, guid, number))
        for at in range(minute - before - 2, minute - 2):
            put(at, 0, 0)
        for at in range(minute + 1, minute + 1 + after):
            put(at, 0, 0)
            put(at, node.guid - (node.guid >> 63 << 64), port)
    database.close()
    bed.undo(lambda: [bed.stop_monitor(), bed.again()])
    bed.mark()
    bed.again(clock="+%ds" % ((after + 2) * 60))


ROWS = [
    fault("baseline-too-young", "the monitor was started a moment ago, and a window is asked for",
          baseline_too_young, "baseline-missing unknown", within=3),
    fault("host-not-read", "a host is in scope of which nobody reads the monitor",
          host_silent, told="the gate names the host", window=("--scope", "host:node3"), gate=3),
    fault("host-unheard", "a host that is expected to report does not (here: at once)", host_unheard,
          "host-silent unknown", within=12, bed="clock"),
    fault("monitor-killed", "the monitor dies while a window soaks", monitor_killed,
          told="the gate: last seen alive 31 s ago", window=SPINE, when="soaking", options=SOAK, gate=3),
    fault("journal-damaged", "pages of the journal are scribbled over", damaged,
          told="the gate and verify name the damage, and leave the file as it is", window=SPINE),
    fault("journal-cut", "the monitor is started on a journal of which half is gone", damaged_under_monitor,
          told="the monitor refuses to start, and says why"),
    fault("two-monitors", "a second monitor is started on the journal of the first", second_monitor,
          told="the second is refused, with the first one's process id"),
    fault("disk-full", "the disk with the journal fills up", disk_full, "journal-failing unknown", within=4,
          bed="disk"),
    fault("fails-while-disk-full", "the spine dies in the soak and comes back, while the disk with the journal is full",
          dies_while_disk_is_full, told="the window has failed as soon as that can be written", gate=2, bed="disk",
          passing=("journal-failing unknown", "switch-lost critical")),
    fault("erring-since", "a port of the spine that was worked on has errors in each minute since, and had none before",
          erring_since, "errors-since-change warning", notes=("clock-jumped",), window=SPINE, when="soaking",
          options={"soak": "60s"}, gate=1, bed="clock"),
    fault("clock-set-back", "the machine restarts two hours in the past under an open window, and then a cable goes",
          clock_set_back_over_restart, "link-lost warning", notes=("clock-jumped",), window=SPINE, gate=1,
          bed="clock"),
    Row(HEALTHY, "clock-set-back-idle", "the machine restarts two hours in the past while a window soaks",
        lambda bed: bed.restart_at("-7200s"), window=SPINE, when="soaking", options={"soak": "4s"}, gate=0,
        notes=("clock-jumped",), bed="clock"),
]
