"""The program from outside, on a machine without InfiniBand: exit codes, and what goes to which stream."""

import json
import os
import subprocess
import sys
import tempfile
import unittest

BINARY = os.environ["AFTERSHOCK"]
OK, CRITICAL, UNKNOWN, USAGE = 0, 2, 3, 64
HAS_INFINIBAND = os.path.isdir("/sys/class/infiniband") and bool(os.listdir("/sys/class/infiniband"))


def run(*args, **how):
    how = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL, **how}
    return subprocess.run([BINARY, *args], timeout=60, check=False, **how)


class Usage(unittest.TestCase):
    def test_wrong_usage_is_64_with_one_line_that_leads_to_the_help(self):
        for args in ((), ("chekc",), ("check", "--bogus"), ("check", "--format", "xml"), ("check", "--window"),
                     ("rules",), ("rules", "show"), ("check", "extra"), ("check", "--from", "x", "--fabric"),
                     ("check", "--from", "x", "--window", "1s"), ("--log-level", "loud", "version"),
                     ("check", "--bo\ngus\x1b[31m")):
            with self.subTest(args=args):
                done = run(*args)
                self.assertEqual(done.returncode, USAGE, done.stderr)
                self.assertEqual(done.stdout, b"")
                self.assertEqual(done.stderr.count(b"\n"), 1, done.stderr)
                self.assertIn(b"--help", done.stderr)
                self.assertNotIn(b"\x1b", done.stderr)

    def test_a_wrong_value_is_64_with_one_line_that_names_it(self):
        for args, word in ((("check", "--window", "soon"), b"--window"), (("check", "--window", "-1s"), b"--window"),
                           (("check", "--window", "2h"), b"--window"), (("check", "--port", "mlx5_0"), b"--port"),
                           (("monitor", "--fabric", "--listen", "x:y:z"), b"--listen"),
                           (("rules", "show", "link-eror"), b'did you mean "link-errors"'),
                           (("rules", "show", "nonsense"), b"rules list")):
            with self.subTest(args=args):
                done = run(*args)
                self.assertEqual(done.returncode, USAGE, done.stderr)
                self.assertEqual((done.stdout, done.stderr.count(b"\n")), (b"", 1), done.stderr)
                self.assertIn(word, done.stderr)

    def test_help_and_version_are_results(self):
        for args in (("--help",), ("check", "--help"), ("--version",), ("version",), ("rules", "list"),
                     ("rules", "show", "link-errors"), ("rules", "docs")):
            with self.subTest(args=args):
                done = run(*args)
                self.assertEqual((done.returncode, done.stderr), (OK, b""))
                self.assertTrue(done.stdout)

    def test_options_of_every_command_may_stand_before_and_behind_it(self):
        for args in (("--config", "/no/such", "check"), ("check", "--config", "/no/such")):
            done = run(*args)
            self.assertEqual(done.returncode, USAGE)
            self.assertIn(b"/no/such", done.stderr)


class Configuration(unittest.TestCase):
    def test_what_is_no_configuration_is_64_and_named(self):
        with tempfile.TemporaryDirectory() as folder:
            wrong = os.path.join(folder, "wrong.yaml")
            with open(wrong, "wb") as file:
                file.write(b"listen: \":1\"\nfabric:\n  tries: many\n")
            binary = os.path.join(folder, "binary.yaml")
            with open(binary, "wb") as file:
                file.write(bytes(range(256)))
            for path, word in ((wrong, wrong + ":3: fabric.tries:"), (binary, binary + ":1:"), (folder, "directory"),
                               ("/dev/zero", "larger"), (folder + "/none.yaml", "none.yaml")):
                with self.subTest(path=path):
                    done = run("check", "--config", path)
                    self.assertEqual((done.returncode, done.stdout), (USAGE, b""))
                    self.assertIn(word.encode(), done.stderr)
                    self.assertEqual(done.stderr.count(b"\n"), 1, done.stderr)

    def test_a_file_that_the_configuration_names_and_is_not_there_is_64(self):
        for key in ("m_key_file", "sa_key_file", "node_name_map"):
            with tempfile.NamedTemporaryFile("w", suffix=".yaml") as config:
                config.write("fabric: {%s: /no/such/file}\n" % key)
                config.flush()
                done = run("check", "--fabric", "--config", config.name)
                self.assertEqual(done.returncode, USAGE, done.stderr)
                self.assertIn(("fabric.%s: /no/such/file" % key).encode(), done.stderr)


@unittest.skipIf(HAS_INFINIBAND, "this machine has InfiniBand devices")
class WithoutInfiniBand(unittest.TestCase):
    def test_a_bare_check_has_nothing_to_check(self):
        done = run("check")
        self.assertEqual((done.returncode, done.stderr), (OK, b""))
        self.assertIn(b"no InfiniBand here", done.stdout)

    def test_a_host_has_nothing_to_check_or_to_watch(self):
        for args in (("check", "--host"), ("monitor",), ("monitor", "--host")):
            with self.subTest(args=args):
                done = run(*args)
                self.assertEqual((done.returncode, done.stdout, done.stderr), (OK, b"no InfiniBand here\n", b""))

    def test_a_host_whose_adapter_is_expected_has_lost_it(self):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as config:
            config.write("host: {expect: {hcas: [mlx5_0]}}\n")
            config.flush()
            done = run("check", "--host", "--window", "0", "--config", config.name)
            self.assertEqual(done.returncode, CRITICAL, done.stderr)
            self.assertIn(b"mlx5_0", done.stdout)

    def test_a_bare_check_in_json_is_an_object_and_ok(self):
        done = run("check", "--format", "json")
        self.assertEqual(done.returncode, OK)
        self.assertEqual((json.loads(done.stdout)["verdict"]), "ok")

    def test_a_fabric_that_was_asked_for_is_unknown(self):
        for args in (("check", "--fabric"), ("check", "--port", "mlx5_0:1"), ("sweep",), ("monitor", "--fabric")):
            with self.subTest(args=args):
                done = run(*args)
                self.assertEqual((done.returncode, done.stdout), (UNKNOWN, b""), done.stderr)
                self.assertEqual(done.stderr.count(b"\n"), 1, done.stderr)
                self.assertIn(b"ibstat", done.stderr)

    def test_in_json_too_and_the_object_says_why(self):
        done = run("check", "--fabric", "--format", "json")
        report = json.loads(done.stdout)
        self.assertEqual((done.returncode, report["verdict"]), (UNKNOWN, "unknown"))
        self.assertEqual([f["rule"] for f in report["findings"]], ["sweep-incomplete"])


class SavedSnapshots(unittest.TestCase):
    def test_what_is_no_snapshot_is_unknown_and_says_why(self):
        with tempfile.TemporaryDirectory() as folder:
            truncated = os.path.join(folder, "truncated.json")
            with open(truncated, "w", encoding="ascii") as file:
                file.write('{"schema": 1, "nodes": [')
            for path in (truncated, folder, folder + "/none.json", "/dev/null"):
                with self.subTest(path=path):
                    done = run("check", "--from", path)
                    self.assertEqual((done.returncode, done.stdout), (UNKNOWN, b""), done.stderr)
                    self.assertEqual(done.stderr.count(b"\n"), 1, done.stderr)
                    self.assertIn(path.encode(), done.stderr)


class Output(unittest.TestCase):
    def test_a_result_that_does_not_arrive_is_unknown(self):
        for args in (("rules", "docs"), ("--help",), ("version",), ("check", "--from", "/dev/null", "--format", "json")):
            with self.subTest(args=args), open("/dev/full", "wb") as full:
                done = run(*args, stdout=full)
                self.assertEqual(done.returncode, UNKNOWN)
                self.assertIn(b"standard output", done.stderr)

    def test_a_reader_that_is_gone_is_unknown(self):
        reader, writer = os.pipe()
        os.close(reader)
        self.assertEqual(run("rules", "docs", stdout=writer).returncode, UNKNOWN)
        os.close(writer)

    def test_a_closed_standard_output_is_unknown(self):
        done = subprocess.run(["/bin/sh", "-c", 'exec "$0" rules docs >&-', BINARY], timeout=60, check=False,
                              stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, UNKNOWN)


class Journal(unittest.TestCase):
    def test_no_journal_at_all_is_64_and_one_that_is_not_there_is_3(self):
        for verb in ("info", "verify", "export", "prune"):
            with self.subTest(verb=verb), tempfile.TemporaryDirectory() as folder:
                config = os.path.join(folder, "aftershock.yaml")
                with open(config, "w", encoding="utf-8") as file:
                    file.write("roles: [host]\n")
                self.assertEqual(run("--config", config, "journal", verb).returncode, USAGE)
                missing = os.path.join(folder, "journal.db")
                self.assertEqual(run("journal", verb, "--journal", missing).returncode, UNKNOWN)
                self.assertEqual(os.listdir(folder), ["aftershock.yaml"])

    def test_an_age_that_is_none_is_64(self):
        for age in ("soon", "-1h", "30d"):
            with self.subTest(age=age):
                done = run("journal", "prune", "--journal", "/nowhere", "--older-than", age)
                self.assertEqual(done.returncode, USAGE)

    def test_what_is_no_journal_is_named_and_left_as_it_is(self):
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"not a journal")
            file.flush()
            for verb, code in (("verify", CRITICAL), ("info", UNKNOWN), ("export", UNKNOWN), ("prune", UNKNOWN)):
                with self.subTest(verb=verb):
                    done = run("journal", verb, "--journal", file.name)
                    self.assertEqual(done.returncode, code)
                    self.assertIn(file.name.encode(), done.stdout + done.stderr)
            with open(file.name, "rb") as now:
                self.assertEqual(now.read(), b"not a journal")


if __name__ == "__main__":
    unittest.main(verbosity=1)
