"""Faults of the fabric, in no window: what a monitor with a baseline says of each by itself."""

from row import FAULT, REROUTED, Row

UNANNOUNCED = "unannounced-change critical"


# A cable that the simulator is given while it runs comes up at the lowest speed.
SLOW = ("link-slower-than-siblings warning",)


def fault(name, story, work, *alarms, passing=(), **how):
    return Row(FAULT, name, story, work, tuple(alarms), passing=REROUTED + passing, **how)


def lids_move(bed):
    """Behind the manager's back, which looks only when something moves."""
    for name, lid in (("node3", 900), ("node4", 901)):
        bed.mark()
        bed.lid(name, 1, lid)


def managers_hang(bed):
    for node in reversed(bed.managers()):
        bed.stop_sm(node, "STOP")


def behind_the_managers(bed, lid):
    """They would mend the LID, if they did not hang."""
    managers_hang(bed)
    bed.mark()
    bed.lid("node3", 1, lid)


def managers_die(bed):
    for node in reversed(bed.managers()):
        bed.stop_sm(node, "KILL")


def stays_in_init(bed):
    managers_hang(bed)
    bed.unlink("spine01", 3)
    bed.mark()
    bed.relink("spine01", 3)


def flaps(bed):
    for name, port in (("spine01", 3), ("leaf02a", 4)):
        bed.counter(name, port, LinkDownedCounter=20)


ROWS = [  # those that take long first
    fault("guid-twice", "an adapter is burnt with the GUID of another",
          lambda bed: bed.guid("node3", bed.node("node5").guid), "guid-duplicate critical", within=70, passing=("node-lost warning",)),
    fault("all-silent", "nothing answers any more",
          lambda bed: [bed.loss(node.id, 100) for node in bed.fabric.nodes.values()], "sweep-incomplete unknown",
          within=60, passing=("node-unresponsive unknown", "sm-missing critical")),
    fault("cable-pulled", "a cable between a leaf and a spine is pulled",
          lambda bed: bed.unlink("spine01", 3), UNANNOUNCED, folded=("link-lost",)),
    fault("spine-off", "a spine is switched off",
          lambda bed: bed.unlink("spine02"), UNANNOUNCED, folded=("switch-lost",)),
    fault("leaf-off", "a leaf is switched off; its hosts stay in sight by the other leaf of the pair",
          lambda bed: bed.unlink("leaf01b"), UNANNOUNCED, folded=("switch-lost",)),
    fault("both-leaves-off", "both leaves of a pair are switched off, and their hosts with them",
          lambda bed: [bed.unlink("leaf02a"), bed.mark(), bed.unlink("leaf02b")], UNANNOUNCED,
          folded=("switch-lost", "node-lost")),
    fault("host-gone", "a host goes and does not come back within the time of a reboot (here: 8 s)",
          lambda bed: bed.unlink("node3"), "node-lost warning", within=15),
    fault("host-leg-pulled", "one of a host's two cables is pulled",
          lambda bed: bed.unlink("node3", 2), "link-lost warning"),
    fault("recabled", "two cables of a leaf to different spines change places",
          lambda bed: bed.swap("leaf02a", 4, 5), UNANNOUNCED, folded=("link-moved",), passing=("link-lost warning",)),
    fault("host-recabled", "two hosts' cables change places at a leaf",
          lambda bed: bed.swap("leaf01a", 2, 3), UNANNOUNCED, folded=("link-moved",), passing=("link-lost warning",)),
    fault("new-cable", "a cable is put in between a leaf and a spine where none was",
          lambda bed: bed.cable("leaf02b", 9, "spine02", 9), UNANNOUNCED, folded=("link-moved",), passing=SLOW, spends=True),
    fault("new-switch", "a switch is cabled in that the baseline has not",
          lambda bed: bed.add(bed.spare_switch, 1, 3), UNANNOUNCED, folded=("node-new",), passing=SLOW, spends=True),
    fault("slower-link", "a cable comes up at one lane of four, which both ends now allow",
          lambda bed: bed.width("0,1", 4, 1), "link-slower warning", passing=("link-slower-than-siblings warning",)),
    fault("lids-reassigned", "hosts have other LIDs than before",
          lids_move, UNANNOUNCED, folded=("lid-changed",), within=12,
          passing=("lid-changed warning", "sm-missing critical", "route-missing critical")),
    fault("lid-twice", "a host takes the LID of another, while the managers hang",
          lambda bed: behind_the_managers(bed, bed.lid_of(bed.node("node4"))), "lid-duplicate critical",
          "sm-missing critical", within=12, passing=("lid-changed warning",)),
    fault("lid-invalid", "a host has a LID that is none, while the managers hang",
          lambda bed: behind_the_managers(bed, 0xffff), "sm-missing critical", folded=("lid-invalid",), within=10,
          passing=("lid-changed warning",)),
    fault("sm-killed", "the subnet managers die, the last one too",
          managers_die, "sm-missing critical", passing=("sm-changed warning",)),
    fault("sm-moved", "the master dies and the standby takes over",
          lambda bed: bed.stop_sm(bed.managers()[0], "KILL"), UNANNOUNCED, "sm-no-standby warning",
          folded=("sm-changed",), within=30,
          passing=("sm-missing critical", "sm-missing warning", "sm-changed warning")),
    fault("standby-dies", "the standby manager dies, and nobody misses it",
          lambda bed: bed.stop_sm(bed.managers()[1]), "sm-no-standby warning", folded=("sm-changed",), within=10),
    fault("port-stays-in-init", "a port comes up while the managers hang: it has a signal and is not Active",
          stays_in_init, "sm-missing critical", folded=("port-not-active",), within=10,
          passing=("unannounced-change critical", "link-lost warning")),
    fault("node-silent", "a host answers nothing, with its link up",
          lambda bed: bed.loss("node3", 100), "node-unresponsive unknown", within=6),
    fault("switch-silent", "the management of a spine hangs while it forwards",
          lambda bed: bed.loss("spine02", 100, 0), "node-unresponsive unknown", within=8),
    fault("symbol-errors", "a port counts symbol errors, three hundred a sweep",
          lambda bed: bed.counter("leaf01a", 5, SymbolErrorCounter=bed.more(5000)), "link-errors warning", within=6),
    fault("discards", "a spine throws packets away",
          lambda bed: bed.counter("spine01", 2, PortXmitDiscards=bed.more(20000)), "transmit-discards warning"),
    fault("flapping", "a cable goes down again and again (here: more than 12 times), and is up whenever somebody looks",
          flaps, "link-flapping warning", within=6),
    fault("counter-full", "an error counter is full: its port is blind there, and said to be",
          lambda bed: bed.counter("leaf02a", 2, SymbolErrorCounter=65535), notes=("counter-saturated",),
          passing=("link-errors warning", "link-errors critical")),
]
