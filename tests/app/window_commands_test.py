"""`aftershock window` and `aftershock gate` without a fabric: what they refuse, and with which words and exit codes."""

import json
import os
import signal
import sqlite3
import subprocess
import tempfile
import time
import unittest

BINARY = os.environ["AFTERSHOCK"]
OK, NO_GO, UNKNOWN, USAGE = 0, 2, 3, 64
COMMANDS = (("gate", "w1"), ("window", "list"), ("window", "show", "w1"), ("window", "close", "w1"),
            ("window", "open", "--title", "x", "--scope", "fabric"), ("baseline", "show"))


class Commands(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.journal = self.path("journal.db")

    def path(self, name):
        return os.path.join(self.folder, name)

    def run_it(self, *args):
        return subprocess.run([BINARY, *args, "--config", "/dev/null", "--journal", self.journal], timeout=60,
                              check=False, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE)

    def says(self, code, words, *args):
        done = self.run_it(*args)
        self.assertEqual(done.returncode, code, (args, done.stdout, done.stderr))
        self.assertIn(words, done.stdout + done.stderr, args)
        return done

    def monitored(self):
        """A journal that a monitor of a host made, which has ended since."""
        os.mkdir(self.path("sys"))
        config = self.path("config.yaml")
        with open(config, "w", encoding="utf-8") as file:
            file.write("host:\n  sysfs: %s\n" % self.path("sys"))
        with open(self.path("log"), "w", encoding="utf-8") as log:
            monitor = subprocess.Popen([BINARY, "monitor", "--host", "--listen", "127.0.0.1:0", "--config", config,
                                        "--journal", self.journal], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            try:
                end = time.monotonic() + 30
                while monitor.poll() is None and self.run_it("window", "list").returncode != OK:
                    self.assertLess(time.monotonic(), end, "no journal was made")
                    time.sleep(0.1)
            finally:
                if monitor.poll() is None:
                    monitor.send_signal(signal.SIGTERM)
                monitor.wait(30)

    def edit(self, *statements):
        with sqlite3.connect(self.journal) as database:
            for statement in statements:
                database.execute(statement)
        database.close()

    def silence(self):
        self.edit("UPDATE heartbeat SET wall = wall - 3600000, boot_time_ns = boot_time_ns - 3600000000000")

    def content(self):
        with open(self.journal, "rb") as file:
            return file.read()


class Usage(Commands):
    def test_what_is_missing_is_named(self):
        self.says(USAGE, "--title", "window", "open", "--scope", "fabric")
        self.says(USAGE, "--scope", "window", "open", "--title", "x")
        self.says(USAGE, "WINDOW", "gate")
        self.says(USAGE, "subcommand", "window")
        self.says(USAGE, "--reason", "baseline", "accept")

    def test_a_time_that_is_none_is_quoted(self):
        self.says(USAGE, '"soon"', "gate", "w1", "--wait", "--timeout", "soon")
        self.says(USAGE, '"soon"', "window", "extend", "w1", "--soak", "soon")

    def test_a_timeout_without_waiting_is_wrong(self):
        self.says(USAGE, "--wait", "gate", "w1", "--timeout", "2h")

    def test_a_format_that_nobody_knows_is_wrong(self):
        self.says(USAGE, "yaml", "gate", "w1", "--format", "yaml")


class Journals(Commands):
    def test_without_a_journal_every_command_is_unknown(self):
        for command in COMMANDS:
            self.says(UNKNOWN, "there is no such journal", *command)
        self.assertFalse(os.path.exists(self.journal))

    def test_the_gate_says_unknown_in_json_as_well(self):
        done = self.says(UNKNOWN, "no such journal", "gate", "w1", "--format", "json")
        answer = json.loads(done.stdout)
        self.assertEqual((answer["schema"], answer["verdict"], answer["exit_code"]), (1, "unknown", UNKNOWN))

    def test_what_is_no_journal_is_named_as_such_and_left_untouched(self):
        with open(self.journal, "wb") as file:
            file.write(b"no journal " * 1000)
        before = self.content()
        for command in COMMANDS:
            self.says(UNKNOWN, "left as it is", *command)
        self.assertEqual(self.content(), before)

    def test_a_journal_that_was_cut_is_damaged_and_left_untouched(self):
        self.monitored()
        self.edit("PRAGMA wal_checkpoint(TRUNCATE)")
        with open(self.journal, "r+b") as file:
            file.truncate(os.path.getsize(self.journal) // 2)
        before = self.content()
        for command in COMMANDS:
            self.says(UNKNOWN, "damaged", *command)
        self.assertEqual(self.content(), before)

    def test_a_journal_of_a_newer_schema_is_named_as_such_and_left_untouched(self):
        self.monitored()
        self.edit("PRAGMA user_version = 999", "PRAGMA wal_checkpoint(TRUNCATE)")
        before = self.content()
        for command in COMMANDS:
            self.says(UNKNOWN, "newer aftershock (schema 999", *command)
        self.assertEqual(self.content(), before)


class Monitors(Commands):
    def test_a_window_that_is_not_there_is_wrong_usage(self):
        self.monitored()
        for command in (("gate", "w9"), ("gate", "a title"), ("window", "show", "w9"), ("window", "close", "w9")):
            self.says(USAGE, 'there is no window "%s"' % command[-1], *command)

    def test_without_a_living_monitor_nothing_is_opened_or_accepted(self):
        self.monitored()
        self.silence()
        self.says(UNKNOWN, "was last seen alive", "window", "open", "--title", "x", "--scope", "fabric")
        self.says(UNKNOWN, "was last seen alive", "baseline", "accept", "--reason", "it is right")
        self.says(OK, "no window is open", "window", "list")


if __name__ == "__main__":
    unittest.main()
