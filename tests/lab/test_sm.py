"""Subnet managers: one, two, two too many and none, and the fabric cut in two and joined again.

What tells a manager to be NOTACTIVE is the test's own SubnSet, sent by sminfo; aftershock sends none.
"""

import re

from lab import wait_for
from program import CRITICAL, OK, UNKNOWN, WARNING, LabTest, Monitor, judge, main

# A standby takes over 3.5 s after the master's end, instead of 52 s.
QUICK = {"sminfo_polling_timeout": 1000, "polling_retry_number": 2}


class Managed(LabTest):
    """A fabric whose managers the test starts itself, the first on the last host."""

    def setUp(self):
        self.f = self.fabric(sm=False)
        self.one, self.other = self.f.hosts[-1], self.f.hosts[0]
        self.monitor = None

    def sm(self, node, priority, **options):
        path = self.f.path("%s-%d.conf" % (node, priority))
        with open(path, "w", encoding="ascii") as f:
            f.writelines("%s %s\n" % item for item in {**QUICK, **options}.items())
        self.f.sm(node, "-p", priority, "-F", path)

    def state(self, node):
        """What the manager there says of itself."""
        said = self.f.run(["sminfo", str(self.lid(node))], at=self.f.hosts[1]).stdout
        return (re.search(r"SMINFO_(\w+)", said) or [None, ""])[1]

    def lid(self, node):
        return int(re.search(r"\[1\].* lid (\d+) ", self.f.console('Dump "%s"' % node))[1])

    def wait_state(self, node, state):
        wait_for("%s is %s" % (node, state), lambda: self.state(node) == state)

    def lead(self):
        """A master on `one`, with priority 5."""
        self.sm(self.one, 5)
        self.f.ready()
        self.wait_state(self.one, "MASTER")

    def stand_by(self, priority=3, **options):
        self.sm(self.other, priority, **options)
        self.wait_state(self.other, "STANDBY")

    def watch(self, **how):
        self.monitor = Monitor(self.f, at=self.f.hosts[1], **how).wait_ready()
        self.monitor.wait_sweeps(1)

    def alarms(self):
        return sorted((have["rule"], have["severity"]) for have, _ in self.monitor.metrics("aftershock_finding"))

    def wait_well(self, limit=20.0):
        self.monitor.wait("no finding is left", lambda: not self.alarms() and self.monitor.status() == {"ok"}, limit)

    def check(self, code, *rules):
        """What one look finds above a note, by rule."""
        checked = judge(self.f, at=self.f.hosts[1])
        self.assertEqual(sorted(x["rule"] for x in checked.alarms()), sorted(rules), checked)
        self.assertEqual(checked.code, code, checked)
        return checked


class Standby(Managed):
    def setUp(self):
        super().setUp()
        self.lead()

    def test_one_manager_is_a_note_a_standby_none_and_one_that_was_disabled_a_warning(self):
        checked = self.check(OK)
        self.assertEqual([x["severity"] for x in checked.findings("sm-no-standby")], ["note"], checked)
        self.stand_by()
        self.assertFalse(self.check(OK).findings("sm-no-standby"))
        self.f.run(["sminfo", "-s", "3", "-p", "15", str(self.lid(self.other)), "3"])
        self.wait_state(self.other, "NOTACT")
        self.check(WARNING, "sm-standby-unfit")
        self.f.run(["sminfo", "-s", "3", "-p", "15", str(self.lid(self.other)), "4"])
        self.wait_state(self.other, "STANDBY")
        self.check(OK)

    def test_a_standby_that_was_killed_is_missed_until_it_is_back(self):
        self.stand_by()
        self.watch()
        self.f.sm_stop(self.other, "KILL")
        self.f.command("reap")
        self.monitor.wait("the standby is missed", lambda: [rule for rule, severity in self.alarms()
                                                            if rule in ("sm-no-standby", "sm-standby-unfit")])
        self.assertEqual(self.monitor.status(), {"warning"})
        self.stand_by()
        self.wait_well()

    def test_a_killed_master_is_missing_until_its_standby_leads_and_then_no_standby_is_left(self):
        self.stand_by()
        self.watch()
        self.f.sm_stop(self.one, "KILL")
        self.f.command("reap")
        self.monitor.wait_finding("sm-missing", severity="critical")
        self.monitor.wait("the standby leads", lambda: self.monitor.status() == {"warning"})
        self.assertEqual([rule for rule, _ in self.alarms()], ["sm-no-standby"])
        self.sm(self.one, 1)
        self.wait_well()

    def test_a_master_that_hands_over_to_one_of_higher_priority_is_no_fault(self):
        self.watch()
        self.sm(self.other, 9)
        self.wait_state(self.other, "MASTER")
        self.monitor.wait_sweeps(2)
        self.wait_well()

    def test_a_frozen_master_is_missing_although_its_standby_lives(self):
        self.stand_by()
        self.f.sm_stop(self.one, "STOP")
        checked = self.check(CRITICAL, "sm-missing")
        self.assertIn("STANDBY", checked.findings("sm-missing")[0]["summary"])
        self.f.sm_stop(self.one, "CONT")
        self.check(OK)


class Several(Managed):
    def test_two_managers_that_ignore_each_other_are_several_masters(self):
        self.sm(self.one, 5, ignore_other_sm="TRUE")
        self.f.ready()
        self.sm(self.other, 3, ignore_other_sm="TRUE")
        self.wait_state(self.other, "MASTER")
        checked = judge(self.f, at=self.f.hosts[1], window="4s")
        self.assertEqual([x["severity"] for x in checked.findings("sm-several")], ["critical"], checked)
        self.assertEqual(checked.code, CRITICAL, checked)

    def test_two_managers_that_both_stand_by_are_no_master(self):
        """The one that led comes back below the other before that one has missed it: each waits for the other."""
        self.sm(self.other, 7)
        self.f.ready()
        self.wait_state(self.other, "MASTER")
        self.sm(self.one, 5, sminfo_polling_timeout=10000)
        self.wait_state(self.one, "STANDBY")
        self.f.sm_stop(self.other, "KILL")
        self.sm(self.other, 3)
        self.wait_state(self.other, "STANDBY")
        checked = self.check(CRITICAL, "sm-missing")
        self.assertEqual(checked.findings("sm-missing")[0]["summary"].count("STANDBY"), 2, checked)

    def test_a_fabric_cut_in_two_and_joined_again_ends_with_no_finding_left(self):
        self.lead()
        self.stand_by()
        # The simulator counts what finds no way while there is none.
        self.watch(settings="rules: {transmit-discards: {transmit_discards: 100000}}\n")
        cut = [(leaf, port) for leaf in (self.f.named("leaf01a"), self.f.named("leaf01b"))
               for port, (peer, _) in leaf.links.items() if peer.startswith("S-")]
        for leaf, port in cut:
            self.f.unlink(leaf, port)
        self.monitor.wait_finding("switch-lost", severity="critical")
        self.wait_state(self.other, "MASTER")
        for leaf, port in cut:
            self.f.relink(leaf, port)
        self.agree()
        self.wait_well(40.0)

    def agree(self):
        """One leads and one stands by. OpenSM at times waits for ever for an answer that the simulator lost; then nothing
        answers for it, which the monitor says rightly, and it is started again."""
        states = lambda: sorted([self.state(self.one), self.state(self.other)])
        try:
            wait_for("the managers agree", lambda: states() == ["MASTER", "STANDBY"])
        except AssertionError:
            self.assertIn("", states())
            stuck = self.one if not self.state(self.one) else self.other
            self.f.sm_stop(stuck, "KILL")
            self.f.command("reap")
            self.sm(stuck, 5 if stuck is self.one else 3)
            wait_for("the managers agree", lambda: states() == ["MASTER", "STANDBY"])


if __name__ == "__main__":
    main()
