"""The command line where there is no fabric, or no sense in what was asked."""

import os
import subprocess
import tempfile
import unittest

import program
from program import BINARY, UNKNOWN, USAGE


def run(*args):
    return subprocess.run([BINARY, *args], text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=30)


class Command(unittest.TestCase):
    @unittest.skipIf(os.path.exists("/sys/class/infiniband") and os.listdir("/sys/class/infiniband"),
                     "this machine has InfiniBand devices")
    def test_without_infiniband_a_fabric_check_says_so_in_one_line_and_is_unknown(self):
        for args in (("check", "--fabric"), ("check", "--port", "mlx5_0:1"), ("monitor", "--fabric"),
                     ("sweep", "--format", "json")):
            done = run(*args)
            self.assertEqual((args, done.returncode), (args, UNKNOWN), done.stderr)
            self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)

    def test_wrong_usage_is_exit_code_64(self):
        for args in (("check", "--no-such-option"), ("check", "--window", "soon"), ("no-such-command",),
                     ("monitor", "--fabric", "--listen", "nonsense:port:1")):
            self.assertEqual((args, run(*args).returncode), (args, USAGE))

    def test_a_wrong_configuration_names_file_line_and_key(self):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as config:
            config.write("fabric:\n  intervall: 5s\n")
            config.flush()
            done = run("check", "--fabric", "--config", config.name)
            self.assertEqual(done.returncode, USAGE, done.stderr)
            self.assertIn(config.name + ":2", done.stderr)
            self.assertIn("intervall", done.stderr)

    def test_a_file_that_is_no_snapshot_is_unknown_and_named(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as saved:
            saved.write('{"schema": 1, "nodes": [')
            saved.flush()
            done = run("check", "--from", saved.name)
            self.assertEqual(done.returncode, UNKNOWN, done.stderr)
            self.assertIn(saved.name, done.stderr)

    def test_every_rule_can_be_listed_and_shown(self):
        listed = run("rules", "list").stdout
        for rule in ("node-unresponsive", "link-errors", "sm-missing", "lid-duplicate"):
            self.assertIn(rule, listed)
            self.assertIn(rule, run("rules", "show", rule).stdout)


if __name__ == "__main__":
    program.main()
