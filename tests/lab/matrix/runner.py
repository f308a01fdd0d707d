"""Runs rows of the matrix: a bed for each worker, side by side, since most of the time every one of them waits."""

import queue
import sys
import threading
import time
import traceback

from beds import BEDS
from row import FAULT, Outcome, Unfit, run

WORKERS = {"site": 3}  # one for every other kind
MOST_BEDS = 20         # one after the other
TRIES = 3              # of a row that fails
PRIVATE_MOUNTS = False  # whether small disks can be mounted; matrix.prepare() sets it


def run_all(rows, workers=None):
    """The outcome of each row by its id, in the order of the rows."""
    outcomes, threads = {}, []
    for kind in sorted({row.bed for row in rows}):
        if lacks(kind):
            outcomes.update((row.id, Outcome(row, skipped=lacks(kind))) for row in rows if row.bed == kind)
            continue
        waiting = queue.Queue()
        for row in rows:
            if row.bed == kind:
                waiting.put((row, 0))
        for _ in range(min((workers or WORKERS).get(kind, 1), waiting.qsize())):
            thread = threading.Thread(target=work, args=(kind, waiting, outcomes))
            thread.start()
            threads.append(thread)
    for thread in threads:
        thread.join()
    return {row.id: outcomes.get(row.id) or Outcome(row, wrong="it was not run") for row in rows}


def lacks(kind):
    return "no small disk can be mounted here" if kind == "disk" and not PRIVATE_MOUNTS else ""


def work(kind, waiting, outcomes):
    """Rows on a bed, until there are none left; on a new bed after one that could not be made whole."""
    for _ in range(MOST_BEDS):
        if waiting.empty():
            return
        try:
            with BEDS[kind]() as bed:
                rows_on(bed, waiting, outcomes)
        except Exception:  # the bed itself; the rows wait for the next one
            print(traceback.format_exc(), file=sys.stderr)


def rows_on(bed, waiting, outcomes):
    """A row that fails is tried again on a new bed: OpenSM at times waits for ever for an answer that the simulator lost,
    and then no monitor can say anything else. What fails again and again is the program's."""
    while True:
        try:
            row, tries = waiting.get_nowait()
        except queue.Empty:
            return
        try:
            outcome = run(row, bed)
        except Unfit as e:
            say(row, "waits for a new bed: " + str(e).replace("\n", " ")[:160])
            waiting.put((row, tries))
            return
        outcomes[row.id] = outcome
        say(row, "%5.1f s  %s" % (outcome.took, told(outcome)))
        if outcome.bad:
            print(outcome, file=sys.stderr, flush=True)
            if tries + 1 < TRIES:
                waiting.put((row, tries + 1))
        if outcome.bad or row.spends:
            return


def say(row, what):
    print("%-32s %s" % (row.id, what), file=sys.stderr, flush=True)


def told(outcome):
    if outcome.bad:
        return "FAILED"
    if outcome.seconds is None:
        return "quiet" if outcome.row.kind != FAULT else "told"
    return "told after %.1f s" % outcome.seconds


def summary(outcomes):
    run_here = [o for o in outcomes.values() if not o.skipped]
    faults = [o for o in run_here if o.row.kind == FAULT]
    healthy = [o for o in run_here if o.row.kind != FAULT]
    found = sum(not (o.missed or o.wrong) for o in faults)
    false = sum(len(o.false) for o in outcomes.values())
    times = sorted(o.seconds for o in faults if o.seconds is not None)
    lines = ["recall %d of %d faults; %d false alarms in %d faults and %d healthy changes" %
             (found, len(faults), false, len(faults), len(healthy))]
    if times:
        lines.append("told after %.1f s in the median, %.1f s at most" % (times[len(times) // 2], times[-1]))
    return lines


def timed(rows):
    start = time.monotonic()
    outcomes = run_all(rows)
    return outcomes, time.monotonic() - start
