"""Faults in and around change windows: what the gate says of them."""

from row import FAULT, REROUTED, Row

SPINE = ("--scope", "switch:spine02")
EXPECTED = SPINE + ("--expect", "down:switch:spine02")


# It ends with what is found, and so does what it makes of it; the gate's answer stays.
EXERCISE = {"window": ("--scope", "fabric", "--hands-off"), "lasts": False}


def fault(name, story, work, *alarms, passing=(), **how):
    return Row(FAULT, name, story, work, tuple(alarms), passing=REROUTED + passing,
               **{"window": SPINE, "gate": 2, **how})


def reboot(bed, name):
    bed.unlink(name)
    bed.sweeps(1)
    bed.relink(name)


def comes_back_without_a_cable(bed):
    bed.unlink("spine02")
    bed.sweeps(1)
    for port in bed.node("spine02").links:
        if port != 3:
            bed.relink("spine02", port)
    bed.mark()
    bed.close()


def stays_away(bed):
    bed.unlink("spine02")
    bed.sweeps(1)
    bed.mark()
    bed.close()


def restarted_meanwhile(bed):
    """The monitor is away while a cable in scope is pulled."""
    bed.stop_monitor()
    bed.unlink("spine02", 3)
    bed.mark()
    bed.again()


def elsewhere(bed):
    """A cable is pulled that no window announces, and the window that is open passes."""
    bed.unlink("spine01", 3)
    bed.sweeps(1)
    bed.close()
    bed.wait_state("passed")
    bed.mark()


def away_elsewhere(bed):
    """A window for the whole fabric is closed while the spine that another one announces is away."""
    bed.unlink("spine02")
    bed.sweeps(1)
    bed.open("--scope", "fabric", "--despite", "a spine is away")
    bed.mark()
    bed.close()
    bed.sweeps(3)
    bed.tell()


def leaf_passes_without_spine(bed):
    """The spine of the row's window goes, and meanwhile a window of a leaf beside it passes."""
    spine = bed.window
    bed.unlink("spine02")
    bed.sweeps(1)
    leaf = bed.open("--scope", "switch:leaf02a", "--despite", "a spine is away")
    bed.close(leaf)
    bed.wait_state("passed", leaf)
    bed.window = spine


def back_without_a_cable_that_a_neighbour_had(bed):
    """The spine comes back without its cable to the leaf whose window passed without it."""
    leaf_passes_without_spine(bed)
    gone = next(port for port, (peer, _) in bed.node("spine02").links.items() if peer == bed.node("leaf02a").id)
    for port in bed.node("spine02").links:
        if port != gone:
            bed.relink("spine02", port)
    bed.mark()
    bed.close()


def crossed(bed):
    """Two cables of the spine change places while it is worked on."""
    bed.swap("spine02", 3, 4)
    bed.ready()
    bed.mark()
    bed.close()
    bed.sweeps(3)
    bed.tell()


def left_out(bed):
    """What goes up and down is announced; that it stays down is not."""
    bed.counter("spine02", 4, LinkDownedCounter=20)
    bed.sweeps(1)
    bed.unlink("spine02", 4)
    bed.sweeps(1)
    bed.close()
    bed.mark()


def flapped_and_pulled(bed):
    bed.counter("spine02", 4, LinkDownedCounter=20)
    bed.wait("it flapped", lambda look: ("link-flapping", "warning") in look.alarms)
    bed.open("--scope", "link:spine02/4")
    bed.mark()
    bed.unlink("spine02", 4)
    bed.sweeps(2)
    bed.close()


ROWS = [
    fault("window-cable-pulled", "in a window for a spine, one of its cables is pulled that nobody announced",
          lambda bed: bed.unlink("spine02", 3), "link-lost warning", gate=1),
    fault("wrong-switch-rebooted", "one spine is announced, and another one rebooted",
          lambda bed: bed.unlink("spine01"), "unannounced-change critical", window=EXPECTED, gate=1,
          folded=("switch-lost",)),
    fault("not-restored", "an announced spine has not come back when the window is closed",
          stays_away, "not-restored critical", window=EXPECTED, folded=("switch-lost",), within=6),
    fault("one-cable-not-restored", "an announced spine comes back without one of its cables",
          comes_back_without_a_cable, "link-lost warning", window=EXPECTED, gate=1, within=6),
    fault("hands-off-touched", "during an exercise on paper somebody pulls a cable",
          lambda bed: bed.unlink("spine01", 3), "link-lost critical", passing=("link-lost warning",), **EXERCISE),
    fault("hands-off-host", "during an exercise a host's cable is pulled",
          lambda bed: bed.unlink("node3", 2), "link-lost critical", passing=("link-lost warning",), **EXERCISE),
    fault("hands-off-host-rebooted", "during an exercise a host is rebooted",
          lambda bed: bed.unlink("node3"), "node-lost critical", passing=("node-lost warning",), **EXERCISE),
    fault("sm-dies-in-window", "the subnet managers die while a window for the fabric soaks",
          lambda bed: [bed.stop_sm(node, "KILL") for node in reversed(bed.managers())], "sm-missing critical",
          window=("--scope", "fabric"), when="soaking", options={"soak": "30s"}, passing=("sm-changed warning",)),
    fault("switch-dies-in-soak", "the spine that was worked on dies while the window soaks",
          lambda bed: bed.unlink("spine02"), "switch-lost critical", window=EXPECTED, when="soaking",
          options={"soak": "20s"}),
    fault("errors-in-soak", "a port of the spine that was worked on counts errors while the window soaks",
          lambda bed: bed.counter("spine02", 4, SymbolErrorCounter=bed.more(5000)), "link-errors warning",
          when="soaking", options={"soak": "20s"}, gate=1),
    fault("slower-after-window", "a cable of the leaf that was worked on comes up at one lane of four",
          lambda bed: bed.width("0,1", 4, 1), "link-slower warning", window=("--scope", "switch:leaf03a"), gate=1,
          passing=("link-slower-than-siblings warning",)),
    fault("silent-in-scope", "the spine that was worked on answers nothing any more",
          lambda bed: bed.loss("spine02", 100, 0), "node-unresponsive unknown", when="soaking",
          options={"soak": "20s"}, gate=3, within=8),
    fault("elsewhere-in-window", "a cable elsewhere is pulled in the time of a window, which passes and explains nothing of it",
          elsewhere, "unannounced-change critical", window=("--scope", "link:spine02/4"), gate=None),
    fault("away-elsewhere", "a window for the fabric is closed while the spine that another window announces is away",
          away_elsewhere, gate=1, window=EXPECTED, told="the gate names the spine, and the window that expects it"),
    fault("back-without-a-cable", "the window of a leaf passes while a spine is away, which then comes back without its "
          "cable to that leaf", back_without_a_cable_that_a_neighbour_had, "link-lost warning", gate=1, window=EXPECTED),
    fault("crossed", "an announced spine comes back with two cables crossed", crossed, gate=1, window=EXPECTED,
          told="the gate names the cables", passing=("link-slower-than-siblings warning", "link-slower warning", "link-lost warning")),
    fault("flapped-and-left-out", "a cable of an announced spine is seated again and again, and left out at the end",
          left_out, "link-lost warning", gate=1, window=EXPECTED),
    fault("flapped-and-pulled", "a cable that flapped before its window is pulled in it, and stays out",
          flapped_and_pulled, "link-flapping warning", folded=("link-lost",), window=(), gate=1,
          passing=("link-lost warning", "unannounced-change critical"), spends=True),
    fault("fault-while-monitor-restarts", "a switch of the scope dies while the monitor is being restarted in the soak",
          restarted_meanwhile, "link-lost warning", window=EXPECTED, when="soaking", options={"soak": "20s"}, gate=1,
          within=4),
]
