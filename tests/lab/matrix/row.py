"""A row of the matrix: what is done to a bed, and what has to be said of it; and what became of it.

Faults and healthy changes run the same way: the bed is quiet, the window is opened and brought to its state, the row
does its work, what the monitor says is compared, the gate is asked, and the bed is made whole.
"""

import dataclasses
import time
import traceback
import typing

FAULT, HEALTHY = "fault", "healthy"
# Where a cable goes or comes the manager routes anew, and what a sweep asks meanwhile may get lost: unknown, for that
# sweep, and no false alarm.
REROUTED = ("node-unresponsive unknown", "node-unresponsive warning")
# No false alarm either: what was brought up is at times left in Init, see Bed.ready.
BROUGHT_UP = ("port-not-active warning",)
VERDICTS = ("ok", "warning", "unknown", "critical")
GATE = {0: "0 passed", 1: "1 hold", 2: "2 failed", 3: "3 unknown", None: "-"}


@dataclasses.dataclass(frozen=True)
class Row:
    kind: str
    id: str
    story: str
    work: typing.Callable = None  # what is done, a function of the bed
    # What makes the verdict, each as "rule weight": these have to be told, and nothing else may be.
    alarms: tuple = ()
    folded: tuple = ()            # rules that have to be listed under another finding
    notes: tuple = ()             # rules that have to be told as notes
    passing: tuple = ()           # "rule weight" that may be seen on the way
    told: str = ""                # in words, where it is not the monitor's findings that tell: `work` compares
    window: tuple = ()            # how a window is opened
    when: str = "open"            # its state when the work is done: open, verifying, soaking
    options: dict = dataclasses.field(default_factory=dict)  # of the window: verify, soak
    gate: typing.Optional[int] = None  # exit code of `aftershock gate` in the end
    within: int = 5               # sweeps until it is told, those under way included
    lasts: bool = True            # it is still told a sweep later
    bed: str = "site"
    spends: bool = False          # the bed is not used again: what was cabled in would come back with its switch
    reference: str = ""           # "test_guest_sa.Forgotten.test_…": it runs there, on a guest's kernel

    @property
    def verdict(self):
        if self.told:
            return "-"
        return max((alarm.split()[1] for alarm in self.alarms), key=VERDICTS.index, default="ok")

    def cells(self):
        """What the table says of it, without what a run measured."""
        rules = [alarm.split()[0] for alarm in self.alarms] or ["%s (note)" % note for note in self.notes]
        text = ", ".join(rules) + ("; with it " + ", ".join(self.folded) if self.folded else "")
        return (self.id, self.story, self.told or text or "nothing", self.verdict, GATE[self.gate])


@dataclasses.dataclass
class Outcome:
    row: Row
    seconds: typing.Optional[float] = None  # from the fault to what is told of it
    sweeps: typing.Optional[int] = None
    missed: str = ""                        # why the fault counts as not found
    false: tuple = ()                       # alarms that nobody expected
    wrong: str = ""                         # anything else
    took: float = 0.0
    skipped: str = ""                       # why it cannot be tried here

    @property
    def bad(self):
        return bool(self.missed or self.false or self.wrong)

    def __str__(self):
        parts = [("missed", self.missed), ("false alarm", ", ".join(self.false)), ("wrong", self.wrong)]
        return "\n".join(["%s: %s" % (self.row.id, self.row.story)] + ["%s: %s" % p for p in parts if p[1]])


class Unfit(Exception):
    """The bed is not whole: a row before has left something behind. OpenSM at times leaves ports in Init for good."""


class Missed(AssertionError):
    """What should have been told was not."""


def run(row, bed):
    outcome, start = Outcome(row), time.monotonic()
    try:
        bed.quiet()
    except AssertionError as e:
        raise Unfit(str(e)) from e
    try:
        began = time.monotonic()
        attempt(row, bed, outcome)
        compare(row, bed.since(began), outcome)
    except Missed as e:
        outcome.missed = str(e)
    except Exception:  # a row that fails must not take the others with it
        outcome.wrong = traceback.format_exc(limit=-4)
    try:
        bed.restore()
    except Exception:
        outcome.wrong += traceback.format_exc(limit=-4)
    outcome.took = time.monotonic() - start
    return outcome


def attempt(row, bed, outcome):
    if row.window:
        opened = bed.open(*row.window, **row.options)
        assert isinstance(opened, str), "the window was refused: %s" % opened
        if row.when != "open":
            bed.close()
            bed.wait_state(row.when)
    bed.mark()
    row.work(bed)
    if row.told:
        outcome.seconds = bed.found - bed.marked if bed.found else None
    elif row.kind == FAULT:
        detect(row, bed, outcome)
    else:
        bed.sweeps(1)
    if row.gate is not None:
        ask_gate(row, bed)


def ask_gate(row, bed):
    if row.gate in (0, 2) and bed.state() == "open":
        bed.close()
    try:
        bed.monitor.wait_gate(bed.window, row.gate)
    except AssertionError as e:
        raise Missed("%s\n%s" % (e, bed.now())) from e


def words(look):
    return {" ".join(alarm) for alarm in look.alarms}


def tells(row, look):
    """What else may be said on the way may weigh more, never less."""
    return (set(row.alarms) <= words(look) and set(row.folded) <= look.folded and set(row.notes) <= look.notes and
            VERDICTS.index(look.verdict) >= VERDICTS.index(row.verdict))


def detect(row, bed, outcome):
    fault = bed.marked
    try:
        bed.wait("it is told", lambda look: tells(row, look), since=fault)
    except AssertionError as e:
        raise Missed(str(e)) from e
    looks = bed.since(fault)
    first = next(i for i, look in enumerate(looks) if tells(row, look))
    outcome.seconds = looks[first].at - fault
    outcome.sweeps = len({look.sweep for look in looks[:first + 1]} - {bed.sweep_at(fault)})
    if outcome.sweeps > row.within:
        raise Missed("told after %d sweeps, which is more than %d" % (outcome.sweeps, row.within))
    if not row.lasts:
        return
    bed.sweeps(1)
    last = bed.now()
    if not tells(row, last):
        raise Missed("told, and gone again: %s" % last)


def compare(row, looks, outcome):
    allowed = set(row.alarms) | set(row.passing)
    false = {word for look in looks for word in words(look)} - allowed
    outcome.false = tuple(sorted(false))
    if false:
        outcome.wrong = str(next(look for look in looks if words(look) - allowed))
    notes = set().union(*(look.notes for look in looks))
    if not set(row.notes) <= notes:
        raise Missed("no note %s among %s" % (set(row.notes), notes))
