"""FlexiScale 2008: the wrong thing removed, and nothing to spare. The story is in README.md."""

import json

from pairs import groups
from program import BINARY, LabTest, main

SAFE, LESS, CUT_OFF = 0, 1, 2
EIGHT = ["node%02d" % n for n in range(9, 17)]


class Volume(LabTest):
    def plan(self, f, *args):
        path = f.path("site.yaml")
        with open(path, "w", encoding="ascii") as out:
            out.write("fabric:\n  timeout: 2s\n" + groups(
                ("leaf02", [("leaf02a", {"power": "feed-A"}), ("leaf02b", {"power": "feed-A"})])))
        done = f.run([BINARY, "plan", "--config", path, "--format", "json", *args])
        return done.returncode, done.stdout, done.stderr

    def test_with_its_peer_in_service_nobody_is_cut_off_and_who_loses_redundancy_is_named(self):
        f = self.fabric()
        code, out, err = self.plan(f, "--without", "switch:leaf02b")
        self.assertEqual(code, LESS, out + err)
        for host in EIGHT:
            self.assertIn(host, out)

    def test_with_its_peer_out_of_service_plan_refuses_and_names_who_loses_the_last_path(self):
        f = self.fabric()
        f.unlink(f.named("leaf02a"))
        code, out, err = self.plan(f, "--without", "switch:leaf02b")
        self.assertEqual(code, CUT_OFF, out + err)
        for host in EIGHT:
            self.assertIn(host, out)
        self.assertEqual(json.loads(out)["schema"], 1)

    def test_the_feed_that_both_hang_on_cuts_the_same_hosts_off(self):
        f = self.fabric()
        code, out, err = self.plan(f, "--risk", "power=feed-A")
        self.assertEqual(code, CUT_OFF, out + err)

    def test_a_load_that_is_not_known_is_never_safe(self):
        f = self.fabric()
        code, out, err = self.plan(f, "--without", "switch:spine01")
        self.assertNotEqual(code, SAFE, out + err)


if __name__ == "__main__":
    main()
