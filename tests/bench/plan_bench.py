#!/usr/bin/env python3
"""How long a plan takes, with every further single failure, and its peak memory; prints Markdown for
docs/performance.md.

  AFTERSHOCK=build/release/app/aftershock tests/bench/plan_bench.py
"""

import os
import subprocess
import sys
import tempfile
import time

FATTREE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lab", "fabric", "fattree.py")
FABRICS = (
    ("3 levels, one leg per host", ("--levels", "3", "--radix", "36", "--hosts", "4320"), "switch:pod01-agg01"),
    ("3 levels, 10,368 hosts", ("--levels", "3", "--radix", "36", "--hosts", "10368"), "switch:pod01-agg01"),
    ("leaf pairs, two legs per host", ("--leaf-pairs", "--radix", "180", "--leaves", "100", "--hosts-per-leaf", "96",
                                       "--oversubscription", "2.4", "--spines", "40"), "switch:spine01"),
)


def run(command):
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, process.returncode


def main():
    binary = os.environ.get("AFTERSHOCK") or sys.exit("set AFTERSHOCK to the path of the aftershock binary")
    print("| fabric | nodes | links | failures tried | s | CPU s | peak RSS MB | exit |\n|---|--:|--:|--:|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder:
        for name, args, without in FABRICS:
            path = os.path.join(folder, "fabric.txt")
            made = subprocess.run([sys.executable, FATTREE, *args, "-o", path], check=True, text=True,
                                  stderr=subprocess.PIPE).stderr.split()
            switches, hosts, links = int(made[-6]), int(made[-4]), int(made[-2])
            runs = sorted(run([binary, "plan", "--config", "/dev/null", "--from", path, "--without", without,
                               "--format", "json", "--svg", os.path.join(folder, "plan.svg")]) for _ in range(5))
            seconds, cpu, rss, code = runs[2]
            print("| %s | %d | %d | %d | %.2f | %.2f | %.0f | %d |"
                  % (name, switches + hosts, links, switches - 1, seconds, cpu, rss, code))


if __name__ == "__main__":
    main()
