"""kill -9 at any moment of every command and of the monitor: the journal opens, and nothing is there by halves."""

import json
import os
import random
import signal
import subprocess
import time
import unittest

import lab
from program import BINARY, SharedFabricTest, main
from windows import Done, WindowMonitor

STATES = {"planned", "open", "verifying", "soaking", "passed", "failed", "cancelled"}
VERDICTS = {0: {"passed"}, 1: {"planned", "open", "verifying", "soaking"}, 2: {"failed"}, 3: STATES | {None}}
CUTS = 4  # of each command, at moments spread over the time that it takes
RANDOM = random.Random(20110314)  # where it is cut depends on the machine all the same


class Killed(SharedFabricTest):
    def setUp(self):
        self.journal = self.fabric.path("%s.db" % self.id().rpartition(".")[2][:40])
        self.start()
        self.addCleanup(lambda: self.monitor.program.stop(signal.SIGKILL))
        self.monitor.wait_baseline()

    def start(self):
        """A monitor; where the last one has left its place in the fabric."""
        self.monitor = WindowMonitor(self.fabric, journal=self.journal).wait_ready()

    def command(self, *args):
        return self.monitor.command(*args, form=())

    def cut(self, took, *args):
        """Starts a command and kills it within the time that it takes. What it said, if it came to its end."""
        process = subprocess.Popen([BINARY, *args, "--journal", self.journal], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        time.sleep(RANDOM.uniform(0, took))
        process.kill()
        out, err = process.communicate(timeout=30)
        return Done(subprocess.CompletedProcess(args, process.returncode, out, err))

    def whole(self, *acknowledged):
        """The journal is sound; every window is whole, and those are there that somebody was told of."""
        verified = self.command("journal", "verify")
        self.assertEqual(verified.code, 0, verified)
        listed = self.monitor.command("window", "list", "--all")
        self.assertEqual(listed.code, 0, listed)
        windows = {"w%d" % w["id"]: w for w in listed.json["windows"]}
        self.assertLessEqual(set(acknowledged), set(windows))
        for name, window in windows.items():
            self.assertIn(window["state"], STATES)
            self.assertTrue(window["title"] and window["scope"] and window["asked_by"], window)
            self.answers(name, window["state"])
        return windows

    def answers(self, name, state):
        """The gate's answer is whole and fits a state that the window has, or has come to since."""
        gate = self.monitor.gate(name)
        self.assertEqual(gate.json.get("exit_code"), gate.code, gate)
        self.assertIn(gate.json["state"], VERDICTS[gate.code], gate)
        if state in ("passed", "failed", "cancelled"):
            self.assertEqual(gate.json["state"], state, gate)

    def timed(self, *args):
        start = time.monotonic()
        done = self.command(*args)
        return done, time.monotonic() - start

    def test_commands_that_ask_for_something(self):
        window = self.monitor.open("--scope", "fabric", soak="1h")
        self.assertIsInstance(window, str, window)
        asking = [("window", "extend", window, "--soak", "2h"), ("baseline", "accept", "--reason", "it is right"),
                  ("baseline", "accept", "switch:spine01", "--reason", "it is right"), ("window", "close", window),
                  ("window", "open", "--title", "another", "--scope", "fabric", "--despite", "a test"),
                  ("window", "cancel", window)]
        for args in asking:
            _, took = self.timed("window", "show", window)
            for _ in range(CUTS):
                self.cut(2 * took + 0.3, *args)
            self.whole(window)
            if args[:2] == ("window", "open"):
                continue
            done = self.command(*args)  # whoever asks again is answered, if only that it was done before
            self.assertIn(done.code, (0, 2), (args, done))
        windows = self.whole(window)
        self.assertEqual(windows[window]["state"], "cancelled")
        self.assertTrue(all(w["state"] != "planned" for w in windows.values()), windows)

    def test_commands_that_only_read(self):
        window = self.monitor.open("--scope", "fabric")
        before = self.content()
        for args in (("journal", "info"), ("journal", "export"), ("journal", "verify"), ("gate", window, "--wait"),
                     ("window", "list"), ("window", "show", window), ("baseline", "show")):
            for _ in range(CUTS):
                self.cut(0.3, *args)
        self.assertEqual(self.whole(window)[window]["state"], "open")
        self.assertEqual(self.content(), before)

    def content(self):
        """What is in the journal of windows and of the baseline."""
        export = self.command("journal", "export")
        self.assertEqual(export.code, 0, export)
        kinds = [json.loads(line) for line in export.text.splitlines()]
        return [line for line in kinds if line["kind"] in ("window", "baseline", "request")]

    def test_pruning(self):
        self.monitor.open("--scope", "fabric")
        self.monitor.program.stop()
        time.sleep(1.1)  # so that all is older than the age that is given
        prune = ("journal", "prune", "--older-than", "1s")
        for _ in range(2 * CUTS):
            self.cut(0.3, *prune)
            self.whole("w1")
        self.assertEqual(self.command(*prune).code, 0)
        self.whole("w1")

    def test_the_monitor(self):
        windows = []
        for i in range(4):
            opened = self.monitor.open("--scope", "switch:spine0%d" % (i % 2 + 1), verify="1s", soak="1h")
            self.assertIsInstance(opened, str, opened)
            windows.append(opened)
            if i % 2:
                self.command("window", "close", opened)
            time.sleep(RANDOM.uniform(0, 1))
            self.monitor.program.stop(signal.SIGKILL)
            self.whole(*windows)
            self.fabric.command("reap")
            self.start()
        states = {name: window["state"] for name, window in self.whole(*windows).items()}
        self.assertEqual({states[name] for name in windows[0::2]}, {"open"}, states)
        self.assertLessEqual({states[name] for name in windows[1::2]}, {"verifying", "soaking"}, states)
        self.command("window", "close", windows[0])
        self.monitor.wait_gate(windows[0], 1)

    def test_a_second_monitor_is_refused_and_the_first_goes_on(self):
        second = WindowMonitor(self.fabric, journal=self.journal, at=self.fabric.hosts[1])
        self.assertNotEqual(second.program.process.wait(20), 0)
        self.assertIn("pid %d" % self.monitor.program.pid, second.program.text())
        self.monitor.wait_sweeps(2)
        self.whole()


if __name__ == "__main__":
    main()
