"""Change windows for lab tests: a monitor that keeps a journal, and the commands around it."""

import json
import subprocess

import lab
from program import BINARY, Monitor

# A baseline in seconds; whatever waits for the next sweep need not wait long for it.
QUICK = """  timeout: 2s
  pair_interval: %s
rules:
  baseline-missing:
    stable_seconds: %d
"""
FAKETIME = ("faketime", "-m", "--exclude-monotonic", "-f")


class Done:
    """The outcome of a command with --format json."""

    def __init__(self, done):
        self.code, self.text, self.stderr = done.returncode, done.stdout, done.stderr
        try:
            self.json = json.loads(done.stdout)
        except ValueError:
            self.json = {}

    def __str__(self):
        return "exit %d\n%s\n%s" % (self.code, self.text, self.stderr)


class WindowMonitor(Monitor):
    """A monitor with a journal. Windows verify and soak for seconds. `stable`: seconds to a baseline; `clock`: how far
    off the wall clock is, "-7200s", for the monitor and for its commands."""

    def __init__(self, fabric, journal=None, settings="", stable=1, pair_interval="5s", clock=None, **how):
        self.journal, self.clock = journal or fabric.path("journal.db"), clock
        super().__init__(fabric, settings=QUICK % (pair_interval, stable) + settings + "journal: %s\n" % self.journal,
                         clock=clock, **how)

    def command(self, *args, form=("--format", "json"), journal=None):
        off = (*FAKETIME, self.clock) if self.clock else ()
        return Done(subprocess.run([*off, BINARY, *args, *form, "--journal", journal or self.journal], text=True,
                                   timeout=60, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE))

    def wait_baseline(self):
        self.wait("a baseline", lambda: self.command("baseline", "show").code == 0, 60)
        return self

    def open(self, *args, title="a change", verify="2s", soak="2s"):
        """The name of the window, or the refusal."""
        done = self.command("window", "open", "--title", title, "--verify", verify, "--soak", soak, *args)
        return "w%d" % done.json["id"] if done.code == 0 else done

    def close(self, window):
        done = self.command("window", "close", window, form=())
        assert done.code == 0, done

    def gate(self, window):
        return self.command("gate", window)

    def wait_gate(self, window, code, limit=60.0):
        """The first answer of the gate with that exit code."""
        answers = []

        def attempt():
            answers.append(self.gate(window))
            return answers[-1] if answers[-1].code == code else None
        try:
            return lab.wait_for("the gate says %d" % code, attempt, limit)
        except AssertionError as e:
            raise AssertionError("%s\n%s\n%s" % (e, answers[-1], self.program.text()[-2000:])) from e
