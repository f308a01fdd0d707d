"""Error counters: what gathers in the window is a finding, what gathered before is a note."""

import threading
import time

from program import CRITICAL, OK, WARNING, LabTest, judge, main


class Counters(LabTest):
    def judge_while(self, f, change, window=2):
        """A check between whose two reads `change` happens."""
        thread = threading.Timer(window / 2, change)
        thread.start()
        try:
            return judge(f, window="%ds" % window)
        finally:
            thread.join()

    def test_symbol_errors_between_the_two_reads_are_link_errors(self):
        f = self.fabric()
        leaf = f.named("leaf01a")
        checked = self.judge_while(f, lambda: f.counter(leaf, 10, SymbolErrorCounter=5000))
        found = checked.findings("link-errors")
        self.assertIn(checked.code, (WARNING, CRITICAL), checked)
        self.assertEqual(len(found), 1, checked)
        self.assertIn("leaf01a", found[0]["summary"])

    def test_discards_between_the_two_reads_are_transmit_discards(self):
        f = self.fabric()
        checked = self.judge_while(f, lambda: f.counter(f.named("spine01"), 4, PortXmitDiscards=60000))
        self.assertEqual([x["rule"] for x in checked.alarms()], ["transmit-discards"], checked)

    def test_symbol_errors_from_before_are_no_alarm(self):
        f = self.fabric()
        f.counter(f.named("leaf01a"), 10, SymbolErrorCounter=5000, LinkDownedCounter=200)
        checked = judge(f, window="1s")
        self.assertEqual((checked.code, checked.alarms()), (OK, []), checked)

    def test_a_saturated_counter_is_a_note_and_stays_green(self):
        f = self.fabric()
        f.counter(f.named("leaf01a"), 10, SymbolErrorCounter=65535, LinkDownedCounter=255)
        checked = judge(f, window="1s")
        found = checked.findings("counter-saturated")
        self.assertEqual((checked.code, {x["severity"] for x in found}), (OK, {"note"}), checked)

    def test_errors_that_a_healthy_fabric_counts_are_no_alarm(self):
        f = self.fabric()
        switch_relay = lambda: f.counter(f.named("leaf01a"), 10, PortRcvSwitchRelayErrors=9000,
                                         PortRcvRemotePhysicalErrors=9000)
        checked = self.judge_while(f, switch_relay)
        self.assertEqual((checked.code, checked.alarms()), (OK, []), checked)

    def test_a_window_of_zero_reads_once_and_says_nothing_about_rates(self):
        f = self.fabric()
        f.counter(f.named("leaf01a"), 10, SymbolErrorCounter=5000)
        start = time.monotonic()
        checked = judge(f, window="0")
        self.assertEqual((checked.code, checked.findings("link-errors")), (OK, []), checked)
        self.assertLess(time.monotonic() - start, 5)


if __name__ == "__main__":
    main()
