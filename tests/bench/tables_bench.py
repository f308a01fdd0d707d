#!/usr/bin/env python3
"""Compares how long aftershock reads the tables of a simulated fabric's switches with `dump_fts` (linear) and
`dump_fts -M` (multicast) of infiniband-diags in the same run, and prints Markdown for docs/performance.md.

  cmake --preset release && cmake --build --preset release
  AFTERSHOCK=build/release/app/aftershock tests/bench/tables_bench.py --runs 3

All with the tap's round trip of 100 us and 25 us per node and MAD. Theirs are whole processes, each of which discovers
the fabric first, so that the time of a discovery alone (`ibnetdiscover`) stands beside them. Ours is what a sweep says of
its tables (`tables_seconds`), with everything else that it reads beside the two: P_Key tables of all ports, SL-to-VL
tables as far as their budget goes, AdaptiveRoutingInfo.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lab"))
import lab  # noqa: E402  (found by the line above)
import program  # noqa: E402

PACE = {"latency": 100, "service": 25}
THEIRS = {"ibnetdiscover": ["ibnetdiscover"], "dump_fts": ["dump_fts"], "dump_fts -M": ["dump_fts", "-M"]}
MOST = 900  # s, of one process


def seconds_of(fabric, cmd):
    """Wall time of a whole process."""
    start = time.monotonic()
    done = subprocess.run(fabric.command_line(cmd, None, dict(PACE, report=fabric.path("mads.txt"))),
                          env=fabric.environ, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, timeout=MOST, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit("%s: exit code %d" % (" ".join(cmd), done.returncode))
    return time.monotonic() - start


def our_tables(fabric):
    """(seconds, MADs, seconds of the whole sweep) of the tables of a first sweep."""
    out = fabric.path("sweep.json")
    seconds_of(fabric, [program.BINARY, "sweep", "--format", "json", "-o", out])
    with open(out, encoding="utf-8") as f:
        snapshot = json.load(f)
    unread = [n["name"] for n in snapshot["nodes"]
              if n.get("type") == "switch" and not {"linear", "multicast"} <= n.get("tables", {}).keys()]
    if unread:
        raise SystemExit("tables of %d switches were not read: %s" % (len(unread), ", ".join(unread[:3])))
    sweep = snapshot["sweep"]
    return sweep["tables_seconds"], sweep["table_mads"], sweep["duration_seconds"]


def spread(values):
    return "%.2f (%.2f – %.2f)" % (statistics.median(values), min(values), max(values))


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--hosts", type=int, default=4536, help="of a fat-tree of three levels of 36-port switches")
    a.add_argument("--runs", type=int, default=3)
    args = a.parse_args()
    if not program.BINARY:
        a.error("set AFTERSHOCK to the path of the aftershock binary")
    program.BINARY = os.path.abspath(program.BINARY)
    with lab.Fabric(("--levels", "3", "--radix", "36", "--hosts", str(args.hosts)), sm=False) as fabric:
        fabric.sm(fabric.hosts[-1])
        fabric.ready(600)
        measure(fabric, args.runs)


def measure(fabric, runs):
    print("%d switches, %d adapters; %d runs.\n" % (len(fabric.switches), len(fabric.hosts), runs))
    theirs = {what: [seconds_of(fabric, cmd) for _ in range(runs)] for what, cmd in THEIRS.items()}
    ours = [our_tables(fabric) for _ in range(runs)]
    tables = statistics.median(seconds for seconds, _, _ in ours)
    dumps = statistics.median(theirs["dump_fts"]) + statistics.median(theirs["dump_fts -M"])
    print("| what | s (range) | MADs |\n|---|--:|--:|")
    for what, seconds in theirs.items():
        print("| %s | %s | |" % (what, spread(seconds)))
    print("| aftershock, the tables | %s | %d |" % (spread([s for s, _, _ in ours]),
                                                    statistics.median(mads for _, mads, _ in ours)))
    print("| aftershock, the whole first sweep | %s | |" % spread([whole for _, _, whole in ours]))
    print("\nThe tables are read %.1f times faster than by both dumps, %.1f times faster than by the linear one alone."
          % (dumps / tables, statistics.median(theirs["dump_fts"]) / tables))


if __name__ == "__main__":
    main()
