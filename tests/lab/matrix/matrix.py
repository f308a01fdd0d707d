"""All rows, and how they are run by hand:

    AFTERSHOCK=… python3 -B tests/lab/matrix/matrix.py [--beds N] [--write docs/faults.md] [ROW or GROUP…]
"""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
for folder in (os.path.dirname(HERE), HERE):
    if folder not in sys.path:
        sys.path.insert(0, folder)

import fabric_faults  # noqa: E402
import elsewhere  # noqa: E402
import healthy  # noqa: E402
import life_faults  # noqa: E402
import pair_faults  # noqa: E402
import routing_faults  # noqa: E402
import runner  # noqa: E402
import small_disk  # noqa: E402
import table  # noqa: E402
import window_faults  # noqa: E402

# A row goes into the list of its file; a new file goes in here, and into one of *_claims.py, which run a part of the rows as tests.
GROUPS = {"fabric": fabric_faults.ROWS, "windows": window_faults.ROWS, "pairs": pair_faults.ROWS,
          "routes": routing_faults.ROWS,
          "life": life_faults.ROWS, "elsewhere": elsewhere.ROWS, "healthy": healthy.ROWS}
ROWS = [row for rows in GROUPS.values() for row in rows]


def prepare():
    """Before anything is run: what has to be done while there is one thread."""
    runner.PRIVATE_MOUNTS = small_disk.private_mounts()


def chosen(arguments):
    groups = [row for name, group in GROUPS.items() for row in group if name in arguments]
    return [row for row in ROWS if not arguments or row.id in arguments or row in groups]


def main(arguments):
    page = None
    if arguments[:1] == ["--beds"]:  # side by side, of the usual kind
        runner.WORKERS["site"], arguments = int(arguments[1]), arguments[2:]
    if arguments[:1] == ["--write"]:
        page, arguments = arguments[1], arguments[2:]
    prepare()
    outcomes, took = runner.timed([row for row in chosen(arguments) if not row.reference])
    bad = [outcome for outcome in outcomes.values() if outcome.bad]
    for outcome in bad:
        print("\n" + str(outcome))
    print("\n".join(runner.summary(outcomes)), "%.0f s" % took, sep="\n")
    if page:
        with open(page, "w", encoding="utf-8") as out:
            out.write(table.page(ROWS, outcomes))
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
