"""The maintenance script of README.md, word for word: a change that goes well, one that does not, one nobody saw."""

import os
import re
import subprocess

import lab
from program import BINARY, LabTest, main
from windows import WindowMonitor

README = os.path.join(lab.HERE, "..", "..", "README.md")
SWITCH, NEXT = "leaf02b", "the next step is made"
# What has to be put into it: the switch, a config file, the work, the next step, and seconds for hours.
FILL_IN = (("aftershock ", "aftershock --config $CONFIG "), (r"sw2\b", SWITCH), ("w12", "w1"),
           ("window open ", "window open --verify 2s --soak 2s --despite 'its hosts were told' "),
           ("# … the work …", "$WORK"), ("--timeout 26h", "--timeout $PATIENCE"), ("next_step", "echo '%s'" % NEXT))


def snippet():
    """The script of the section about windows and the gate."""
    with open(README, encoding="utf-8") as f:
        return re.search(r"^## Windows and the gate$.*?^```sh\n(.*?)^```$", f.read(), re.M | re.S)[1]


class GateScript(LabTest):
    def setUp(self):
        self.f = self.fabric()
        self.monitor = WindowMonitor(self.f).wait_ready().wait_baseline()
        self.leaf = self.f.named(SWITCH)
        self.environ = {**self.f.environ, "CONFIG": self.f.path("site.yaml"),
                        "PATH": "%s:%s" % (self.f.path("bin"), os.environ["PATH"])}
        os.mkdir(self.f.path("bin"))
        os.symlink(BINARY, self.f.path("bin/aftershock"))
        with open(self.environ["CONFIG"], "w", encoding="ascii") as f:
            f.write("journal: %s\n" % self.monitor.journal)

    def run_script(self, *work, patience="90s"):
        """Its exit code, whether the next step was made, and what it printed. `work`: lines for the shell."""
        script = snippet()
        for was, now in FILL_IN:
            script, count = re.subn(was, now, script)
            self.assertTrue(count, (was, script))
        script = script.replace("$WORK", "\n".join(work)).replace("$PATIENCE", patience)
        done = subprocess.run(["sh", "-c", script], env=self.environ, text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=150)
        self.assertIn("w1 is open", done.stdout, script)
        return done.returncode, NEXT in done.stdout, done.stdout

    def on_fabric(self, *args):
        return " ".join((lab.FABRIC, *map(str, args)))

    def test_after_a_change_that_went_well_the_next_step_is_made(self):
        code, made, text = self.run_script(self.on_fabric("unlink", self.leaf), "sleep 2",
                                           self.on_fabric("relink", self.leaf), self.on_fabric("ready"))
        self.assertEqual((code, made), (0, True), text)
        self.assertIn("PASSED", text)

    def test_after_a_switch_that_stays_away_it_is_not_made(self):
        code, made, text = self.run_script(self.on_fabric("unlink", self.leaf))
        self.assertEqual((code, made), (2, False), text)
        self.assertIn("not-restored", text)

    def test_after_a_switch_that_cannot_be_seen_it_is_not_made(self):
        code, made, text = self.run_script(self.on_fabric("error", self.leaf, "all", 100), patience="8s")
        self.assertEqual((code, made), (3, False), text)
        self.assertIn("UNKNOWN", text)


if __name__ == "__main__":
    main()
