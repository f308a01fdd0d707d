#!/usr/bin/env python3
"""Compares aftershock's sweep with `ibqueryerrors --data --counters --report-port` on a simulated fabric, and prints
Markdown for docs/performance.md.

  cmake --preset release && cmake --build --preset release
  AFTERSHOCK=build/release/app/aftershock tests/bench/fabric_bench.py --runs 5

Each is run on the simulator as it is, and with the tap's round trip of 100 us and 25 us per node and MAD. Figures are
medians; times are those of whole processes, but for the steady sweep, which is what a running monitor reports.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lab"))
import lab  # noqa: E402  (found by the line above)
import program  # noqa: E402

IBQUERYERRORS = ["ibqueryerrors", "--data", "--counters", "--report-port"]
PACES = {"plain": None, "100/25 us": {"latency": 100, "service": 25}}
TICK = os.sysconf("SC_CLK_TCK")


class Sample:
    """One run of a process, or one sweep of a monitor."""

    def __init__(self, seconds, cpu, rss_mb, mads=None):
        self.seconds, self.cpu, self.rss_mb, self.mads = seconds, cpu, rss_mb, mads


def run_once(fabric, cmd, pace):
    """A whole process: wall time, CPU time, peak memory, and with the tap its MADs."""
    report = fabric.path("mads.txt")
    if os.path.exists(report):
        os.unlink(report)
    tap = None if pace is None else dict(pace, report=report)
    start = time.monotonic()
    process = subprocess.Popen(fabric.command_line(cmd, None, tap), env=fabric.environ, stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    ended, rss = 0, 0.0
    while not ended:
        rss = rss_of(process.pid) or rss  # wait4 would count what this process had when it forked
        time.sleep(0.005)
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
    seconds = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode < 0:  # the simulator's library crashes now and then under ibqueryerrors
        print("%s ended by signal %d; once more" % (cmd[0], -process.returncode), file=sys.stderr)
        return run_once(fabric, cmd, pace)
    if process.returncode not in (0, 1):
        raise SystemExit("%s: exit code %d" % (" ".join(cmd), process.returncode))
    return Sample(seconds, usage.ru_utime + usage.ru_stime, rss,
                  lab.Mads(report).sent if pace is not None else None)


def cpu_of(pid):
    with open("/proc/%d/stat" % pid, encoding="ascii") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def rss_of(pid):
    """Peak resident memory in MB; 0 of a process that has ended."""
    with open("/proc/%d/status" % pid, encoding="ascii") as f:
        return next((int(line.split()[1]) / 1024 for line in f if line.startswith("VmHWM")), 0)


def get(url):
    with urllib.request.urlopen(url, timeout=60) as answer:
        return answer.read()


def steady_sweeps(fabric, runs, pace):
    """Sweeps of a running monitor after its first, and its scrapes: ([Sample], [(seconds, octets)])."""
    monitor = program.Monitor(fabric, interval="5s", tap=pace)
    monitor.wait("the first sweep", lambda: monitor.get("/readyz")[0] == 200, limit=120)
    sweep = lambda: json.loads(get(monitor.url + "/report.json"))["sweep"]
    samples, last, cpu = [], sweep()["started"], cpu_of(monitor.program.pid)
    while len(samples) < runs:
        time.sleep(0.2)
        seen = sweep()
        if seen["started"] == last:
            continue
        last, before, cpu = seen["started"], cpu, cpu_of(monitor.program.pid)
        samples.append(Sample(seen["duration_seconds"], cpu - before, rss_of(monitor.program.pid),
                              sum(seen["mads"][kind]["sent"] for kind in ("smp", "pma", "sa"))))
    scrapes = []
    for _ in range(runs):
        start = time.monotonic()
        size = len(get(monitor.url + "/metrics"))
        scrapes.append((time.monotonic() - start, size))
        time.sleep(0.5)
    for sample in samples:
        sample.rss_mb = rss_of(monitor.program.pid)
    monitor.program.stop()
    return samples, scrapes


def row(pace, what, samples, ports, theirs):
    median = lambda values: statistics.median(values)
    seconds = median([s.seconds for s in samples])
    mads = [s.mads for s in samples if s.mads is not None]
    cells = [pace, what, "%.2f" % seconds, "%.2f – %.2f" % (min(s.seconds for s in samples),
                                                            max(s.seconds for s in samples)),
             "%.1f" % (theirs / seconds),
             "%d" % median(mads) if mads else "", "%.2f" % (median(mads) / ports) if mads else "",
             "%d" % (median(mads) / seconds) if mads else "", "%.2f" % median([s.cpu for s in samples]),
             "%d" % max(s.rss_mb for s in samples)]
    print("| %s |" % " | ".join(cells), flush=True)


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--hosts", type=int, default=5184, help="of a fat-tree of three levels of 36-port switches")
    a.add_argument("--runs", type=int, default=5)
    a.add_argument("--only-theirs", action="store_true", help="measure ibqueryerrors alone")
    args = a.parse_args()
    if not (program.BINARY or args.only_theirs):
        a.error("set AFTERSHOCK to the path of the aftershock binary")
    program.BINARY = os.path.abspath(program.BINARY)
    with lab.Fabric(("--levels", "3", "--radix", "36", "--hosts", str(args.hosts)), sm=False) as fabric:
        fabric.sm(fabric.hosts[-1])
        fabric.ready(600)
        measure(fabric, args)


def measure(fabric, args):
    ports = sum(len(n.links) for n in fabric.nodes.values())
    print("%d switches, %d adapters, %d linked ports; %d runs.\n" % (len(fabric.switches), len(fabric.hosts), ports,
                                                                    args.runs))
    print("| pace | what | median s | range s | times faster | MADs | MADs / port | MADs / s | CPU s | peak RSS MB |\n"
          "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    scrapes = []
    for pace, tap in PACES.items():
        samples = [run_once(fabric, IBQUERYERRORS, tap) for _ in range(args.runs)]
        theirs = statistics.median(s.seconds for s in samples)
        row(pace, "ibqueryerrors", samples, ports, theirs)
        if args.only_theirs:
            continue
        sweep = [program.BINARY, "sweep", "--format", "json", "-o", fabric.path("sweep.json")]
        row(pace, "aftershock, first sweep", [run_once(fabric, sweep, tap) for _ in range(args.runs)], ports, theirs)
        samples, found = steady_sweeps(fabric, args.runs, tap)
        row(pace, "aftershock, steady sweep", samples, ports, theirs)
        scrapes += found
    if scrapes:
        print("\nA scrape of /metrics: median %.2f s, at most %.2f s, %.1f MB."
              % (statistics.median(s for s, _ in scrapes), max(s for s, _ in scrapes),
                 statistics.median(n for _, n in scrapes) / 1e6))


if __name__ == "__main__":
    main()
