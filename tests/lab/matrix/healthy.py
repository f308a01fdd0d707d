"""What happens on a healthy fabric every day, announced or not, and must not cry."""

from row import BROUGHT_UP, HEALTHY, REROUTED, Row
from window_faults import EXPECTED, SPINE, leaf_passes_without_spine


def healthy(name, story, work, passing=(), **how):
    return Row(HEALTHY, name, story, work, passing=REROUTED + BROUGHT_UP + passing, **how)


def announced(name, story, work, *scope, **how):
    return healthy(name, story, work, **{"window": scope or EXPECTED, "gate": 0, **how})


def reboot(name, *ports):
    def work(bed):
        for port in ports or ("all",):
            bed.unlink(name, port)
        bed.sweeps(1)
        for port in ports or ("all",):
            bed.bring_up(name, port)
        bed.sweeps(1)
    return work


def both(*works):
    return lambda bed: [work(bed) for work in works]


def down(*names):
    return tuple(word for name in names for word in ("--scope", name, "--expect", "down:" + name))


def idle(sweeps):
    return lambda bed: bed.sweeps(sweeps)


def two_windows(bed):
    first, second = bed.window, bed.open(*down("switch:spine01"))
    assert isinstance(second, str), second
    reboot("spine02")(bed)
    reboot("spine01")(bed)
    bed.close(first)
    bed.close(second)
    bed.wait_state("passed", first)


def hand_over(bed):
    bed.stop_sm(bed.managers()[0])
    bed.wait_master(bed.managers()[1])
    bed.sweeps(1)
    bed.undone.pop()()
    bed.wait_master(bed.managers()[0])


def swapped_and_swapped_back(bed):
    bed.swap("leaf02a", 4, 5)
    bed.sweeps(1)
    bed.undone.pop()()
    bed.ready()


def swapped_for_good(bed):
    bed.undo(lambda: bed.accept())
    bed.swap("leaf02a", 4, 5)
    bed.ready()


def restart_in_soak(bed):
    bed.stop_monitor()
    bed.again()


def prune_in_soak(bed):
    bed.stop_monitor()
    pruned = bed.monitor.command("journal", "prune", "--older-than", "1s", form=())
    assert pruned.code == 0, pruned
    bed.again()


def extended(bed):
    bed.close()
    done = bed.monitor.command("window", "extend", bed.window, "--soak", "2s", form=())
    assert done.code == 0, done


def cancelled(bed):
    done = bed.monitor.command("window", "cancel", bed.window, "--reason", "not today", form=())
    assert done.code == 0, done


def taken_out_for_good(bed):
    """A cable is taken out for good in a window, and accepted; and back into the baseline when the row is over."""
    bed.undo(lambda: bed.accept())
    bed.unlink("spine01", 3)
    bed.sweeps(1)
    bed.accept("link:spine01/3")


def full_from_before(bed):
    bed.counter("leaf02a", 4, PortRcvSwitchRelayErrors=60000, PortRcvRemotePhysicalErrors=60000)
    bed.sweeps(2)


def flapping(name):
    def work(bed):
        for port, (peer, far) in bed.node(name).links.items():
            if peer != bed.spare_switch.id:
                bed.counter(name, port, LinkDownedCounter=20)
        bed.sweeps(1)
    return work


def leaf_beside_spine(bed):
    leaf_passes_without_spine(bed)
    bed.bring_up("spine02")
    bed.sweeps(1)


def replaced(bed):
    """The old one's GUID comes back when the row is over, and the baseline with it."""
    bed.undo(bed.accept)
    bed.undo(lambda: [bed.ready(), bed.sweeps(1)])
    bed.unlink("spine02")
    bed.sweeps(1)
    bed.guid("spine02", 0xb8cef60300009900)
    bed.bring_up("spine02")
    bed.accept("switch:spine02")


def waited_for(bed):
    bed.close()
    done = bed.monitor.command("gate", bed.window, "--wait", "--timeout", "50s")
    assert done.code == 0, done


ROWS = [
    healthy("idle", "nothing happens at all", idle(4)),
    healthy("another-sweeps", "somebody checks the fabric by hand beside the monitor",
            lambda bed: bed.check(at=bed.fabric.hosts[2])),
    healthy("counters-cleared", "somebody clears the counters of a switch with perfquery",
            lambda bed: [bed.counter("spine01", 4, PortRcvSwitchRelayErrors=bed.more(7)), bed.sweeps(1),
                         bed.clear("spine01")], notes=("counter-reset",)),
    healthy("harmless-counters", "counters rise that rise on every healthy fabric", full_from_before),
    healthy("some-loss", "a switch loses one management packet of fifty, and answers when asked again",
            lambda bed: [bed.loss("spine01", 2), bed.sweeps(3)],
            passing=("node-unresponsive warning", "link-errors warning")),
    healthy("host-reboots", "a host reboots and is back before it is missed",
            reboot("node3"), passing=()),
    healthy("host-goes-announced", "a host is taken away for longer, announced",
            both(lambda bed: bed.unlink("node4"), idle(8), lambda bed: bed.bring_up("node4")),
            window=("--scope", "fabric", "--expect", "down:host:node4"), gate=0),
    healthy("new-host", "a new host is cabled in",
            lambda bed: [bed.undo(bed.accept), bed.add(bed.spare_host, 1, 2), bed.ready(), bed.sweeps(2)], spends=True),
    healthy("sm-sweeps", "the subnet manager is made to sweep heavily", lambda bed: bed.heavy_sweep()),
    announced("window-idle", "a window in which nothing is done", idle(1), *SPINE),
    announced("exercise", "an exercise in which nobody touches anything", idle(1), "--scope", "fabric", "--hands-off"),
    announced("spine-rebooted", "an announced spine goes and comes back", reboot("spine02")),
    announced("spine-rebooted-twice", "an announced spine goes and comes back two times",
              both(reboot("spine02"), reboot("spine02"))),
    announced("spine-flaps-announced", "an announced spine takes its links down twenty times while it is worked on",
              flapping("spine02")),
    announced("leaf-beside-spine", "the window of a leaf passes while an announced spine is away, which then comes back",
              leaf_beside_spine),
    announced("spine-replaced", "the board of an announced spine is replaced, and accepted by its name", replaced,
              spends=True),
    announced("leaf-rebooted", "an announced leaf goes and comes back; its hosts have their other leg",
              reboot("leaf02b"), *down("switch:leaf02b")),
    announced("both-spines-rebooted", "two spines are rebooted one after the other in one window",
              both(reboot("spine02"), reboot("spine01")), *down("switch:spine01", "switch:spine02"),
              "--despite", "one after the other"),
    announced("leaves-rolled", "both leaves of a pair are rebooted one after the other in one window",
              both(reboot("leaf02a"), reboot("leaf02b")), *down("switch:leaf02a", "switch:leaf02b"),
              "--despite", "one after the other"),
    announced("cable-replaced", "an announced cable is pulled and another put in at the same place",
              reboot("spine01", 3), *down("link:spine01/3")),
    announced("cables-replaced", "two announced cables are replaced",
              reboot("spine01", 2, 3), *down("link:spine01/2", "link:spine01/3")),
    announced("host-rebooted", "an announced host is rebooted", reboot("node3"),
              "--scope", "fabric", "--expect", "down:host:node3"),
    announced("host-leg-replaced", "an announced cable of a host is replaced", reboot("node3", 2),
              *down("link:node3/2")),
    announced("sm-handed-over", "the subnet manager is handed over and back, announced for the fabric", hand_over,
              "--scope", "fabric", passing=("sm-changed warning", "sm-missing critical", "sm-missing warning", "sm-no-standby warning")),
    announced("cables-swapped", "two cables change places and go back, in a window for the leaf",
              swapped_and_swapped_back, "--scope", "switch:leaf02a", "--expect", "down:link:leaf02a/4", "--expect",
              "down:link:leaf02a/5"),
    announced("cables-swapped-for-good", "two cables change places in a window for the leaf, and stay there",
              swapped_for_good, "--scope", "switch:leaf02a", "--expect", "down:link:leaf02a/4", "--expect",
              "down:link:leaf02a/5"),
    announced("cable-taken-out", "an announced cable is taken out for good, and accepted with a reason",
              taken_out_for_good, *down("link:spine01/3")),
    announced("switch-added", "a switch is put in, in a window for the fabric",
              lambda bed: [bed.undo(bed.accept), bed.add(bed.spare_switch, 1), bed.ready()], "--scope", "fabric",
              spends=True),
    announced("cleared-in-soak", "somebody clears counters while a window soaks",
              lambda bed: bed.clear("spine02"), *SPINE, when="soaking", options={"soak": "3s"}),
    announced("host-reboots-beside", "elsewhere a host reboots while a spine is worked on",
              both(reboot("node3"), reboot("spine02"))),
    announced("two-windows", "two windows overlap, each with its spine", two_windows),
    announced("extended", "a soak is made longer", extended, *SPINE),
    announced("waited-for", "a script waits at the gate", waited_for, *SPINE),
    announced("monitor-restarted", "the monitor is restarted while a window soaks", restart_in_soak, *SPINE,
              when="soaking", options={"soak": "4s"}),
    announced("pruned-in-soak", "the journal is pruned with the youngest age under a window", prune_in_soak, *SPINE,
              when="soaking", options={"soak": "4s"}),
    announced("cancelled", "a window is cancelled: no alarm, and no pass either", cancelled, *SPINE, gate=3),
]
