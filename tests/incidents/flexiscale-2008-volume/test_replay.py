"""FlexiScale 2008: the wrong thing removed, and nothing to spare. The story is in README.md."""

import json

from pairs import groups
from program import BINARY, SharedFabricTest, main
from traffic import carry

SAFE, LESS, REFUSED = 0, 1, 2
EIGHT = ["node%02d" % n for n in range(9, 17)]


class Volume(SharedFabricTest):
    def plan(self, *args):
        path = self.fabric.path("site.yaml")
        with open(path, "w", encoding="ascii") as out:
            out.write("fabric:\n  timeout: 2s\n" + groups(
                ("leaf02", [("leaf02a", {"power": "feed-A"}), ("leaf02b", {"power": "feed-A"})])))
        done = self.fabric.run([BINARY, "plan", "--config", path, "--format", "json", *args])
        self.assertTrue(done.stdout, done.stderr)
        return done.returncode, json.loads(done.stdout)

    def named(self, report, what):
        return sorted(host["name"] for host in report["hosts"] if host[what])

    def test_with_its_peer_in_service_nobody_is_cut_off_and_who_loses_redundancy_is_named(self):
        code, report = self.plan("--without", "switch:leaf02b")
        self.assertEqual(code, LESS, report)
        self.assertEqual((self.named(report, "redundancy_lost"), self.named(report, "cut_off")), (EIGHT, []))

    def test_with_its_peer_out_of_service_plan_refuses_and_names_who_loses_the_last_path(self):
        self.unlink(self.fabric.named("leaf02a"))
        self.addCleanup(self.fabric.ready)
        code, report = self.plan("--without", "switch:leaf02b")
        self.assertEqual((code, self.named(report, "cut_off")), (REFUSED, EIGHT))

    def test_the_feed_that_both_hang_on_cuts_the_same_hosts_off(self):
        code, report = self.plan("--risk", "power=feed-A")
        self.assertEqual((code, self.named(report, "cut_off")), (REFUSED, EIGHT))

    def test_a_load_that_is_not_known_is_never_safe(self):
        code, report = self.plan("--without", "switch:spine01")
        self.assertNotEqual(code, SAFE)
        self.assertEqual((report["load"]["known"], report["load"]["fits"]), ("no", None))

    def test_what_is_left_cannot_carry_what_would_have_to_move(self):
        monitor = self.monitor()
        monitor.wait_sweeps(1)
        carry(self.fabric, 5)
        monitor.wait_sweeps(2)
        code, report = self.plan("--from", monitor.url, "--without", "switch:spine01")
        self.assertEqual((code, report["load"]["fits"], self.named(report, "cut_off")), (REFUSED, False, []), report)


if __name__ == "__main__":
    main()
