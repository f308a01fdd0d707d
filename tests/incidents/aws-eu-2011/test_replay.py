"""AWS Europe 2011: a fate shared, and a clean-up that removed what was in use. The story is in README.md."""

import time

import lab
from pairs import groups
from program import LabTest, judge, main
from windows import WindowMonitor

# The subnet manager is behind the last pair of leaves, and is not what fails here.
THREE_PAIRS = tuple("6" if lab.LEAF_PAIRS[i - 1] == "--leaves" else value for i, value in enumerate(lab.LEAF_PAIRS))
SAME_FEED = ("leaves", [("leaf02a", {"power": "feed-A"}), ("leaf02b", {"power": "feed-A"})])


class PowerAndCleanUp(LabTest):
    def test_the_shared_feed_is_named_in_advance(self):
        f = self.fabric(THREE_PAIRS)
        path = f.path("site.yaml")
        with open(path, "w", encoding="ascii") as out:
            out.write("fabric:\n  timeout: 2s\n" + groups(SAME_FEED))
        checked = judge(f, "--config", path, window="1s")
        self.assertEqual([x["rule"] for x in checked.alarms()], ["pair-shared-risk"], checked)

    def test_the_recovered_fabric_is_not_green_before_it_is_what_it_was(self):
        f = self.fabric(THREE_PAIRS)
        monitor = WindowMonitor(f).wait_ready().wait_baseline()
        leaves = [f.named("leaf02a"), f.named("leaf02b")]
        port = next(p for p, (peer, _) in leaves[0].links.items() if f.nodes[peer].kind == "switch")

        def subjects():
            return {have["subject"] for have, _ in monitor.metrics("aftershock_finding", severity="critical")}
        for leaf in leaves:
            f.unlink(leaf)
        gone = {"switch:0x%016x" % leaf.guid for leaf in leaves}
        monitor.wait("both are gone", lambda: gone <= subjects())
        # Power is back, and all but one cable with it: every port that is up is Active, and no counter moves.
        for leaf in leaves:
            for other in leaf.links:
                if (leaf, other) != (leaves[0], port):
                    f.relink(leaf, other)
        peer, far = leaves[0].links[port]
        missing = "link:0x%016x/%d" % min((leaves[0].guid, port), (f.nodes[peer].guid, far))
        monitor.wait("one cable is missing", lambda: subjects() == {missing}, 60)
        monitor.wait("that is critical", lambda: monitor.status() == {"critical"})
        f.relink(leaves[0], port)
        monitor.wait("it is what it was", lambda: monitor.status() == {"ok"}, 60)

    def test_a_clean_up_removes_nothing_that_a_window_still_refers_to(self):
        f = self.fabric(THREE_PAIRS)
        monitor = WindowMonitor(f).wait_ready().wait_baseline()
        leaf = f.named("leaf02b")
        window = monitor.open("--scope", "switch:leaf02b", "--expect", "down:switch:leaf02b", "--despite",
                              "the hosts of leaf02 are told", soak="3s")
        self.assertIsInstance(window, str, window)
        f.unlink(leaf)
        monitor.wait_sweeps(2)
        monitor.program.stop()
        time.sleep(1.1)  # so that all is older than the age that is given
        pruned = monitor.command("journal", "prune", "--older-than", "1s", form=())
        self.assertEqual(pruned.code, 0, pruned)
        verified = monitor.command("journal", "verify", form=())
        self.assertEqual(verified.code, 0, verified)
        again = WindowMonitor(f, journal=monitor.journal).wait_ready()
        f.relink(leaf)
        again.wait_sweeps(2)
        again.close(window)
        again.wait_gate(window, 0)


if __name__ == "__main__":
    main()
