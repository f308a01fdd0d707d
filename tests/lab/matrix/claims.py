"""Groups of rows as tests: the rows run together when the first of them is asked for, and each is one test."""

import os
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

import matrix  # noqa: E402
import program  # noqa: E402
import runner  # noqa: E402
import table  # noqa: E402
from elsewhere import there  # noqa: E402

PAGE = os.path.join(HERE, "..", "..", "..", "docs", "faults.md")


class Rows(unittest.TestCase):
    groups, outcomes = (), {}
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        rows = [row for group in cls.groups for row in matrix.GROUPS[group]]
        cls.outcomes = runner.run_all([row for row in rows if not row.reference])
        print("\n".join(runner.summary(cls.outcomes)))

    def expect(self, row):
        outcome = self.outcomes[row.id]
        if outcome.skipped:
            self.skipTest(outcome.skipped)
        self.assertFalse(outcome.bad, str(outcome))


def tests_of(*groups):
    """A test case whose tests are the rows of these groups."""
    def claim(row):
        return lambda self: self.expect(row)
    body = {"test_" + row.id.replace("-", "_"): claim(row) for group in groups for row in matrix.GROUPS[group]
            if not row.reference}
    return type("Matrix", (Rows,), {"groups": groups, **body})


class Page(unittest.TestCase):
    def test_the_page_has_the_rows_of_the_matrix_and_no_others(self):
        with open(PAGE, encoding="utf-8") as f:
            missing, extra = table.compare(matrix.ROWS, f.read())
        self.assertEqual((missing, extra), ([], []), "run tests/lab/matrix/matrix.py --write docs/faults.md")

    def test_every_row_has_a_name_of_its_own(self):
        names = [row.id for row in matrix.ROWS]
        self.assertEqual(sorted(set(names)), sorted(names))

    def test_rows_that_run_elsewhere_name_a_test_that_is_there(self):
        for row in matrix.ROWS:
            self.assertTrue(not row.reference or there(row), row.reference)

    def test_every_rule_is_told_by_a_row(self):
        listed = subprocess.run([program.BINARY, "rules", "list"], text=True, stdout=subprocess.PIPE, check=True).stdout
        rules = {line.split()[0] for line in listed.splitlines() if line.strip()}
        told = {alarm.split()[0] for row in matrix.ROWS for alarm in row.alarms}
        told |= {rule for row in matrix.ROWS for rule in row.folded + row.notes}
        self.assertEqual(rules - told, set())

    def test_there_are_thirty_of_each(self):
        for kind in ("fault", "healthy"):
            self.assertGreaterEqual(sum(row.kind == kind for row in matrix.ROWS), 30, kind)


def main():
    matrix.prepare()
    program.main()
