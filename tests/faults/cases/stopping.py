"""Ctrl-C and SIGTERM: the results so far are shown and saved, with the command that continues."""

import re
import shlex
import shutil
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from random import Random

from kerasnn.runs.folder import read_record
from tests.faults.frame import Lost, Plan, Trial, case
from tests.faults.training import (
    EPOCHS,
    PATIENCE,
    Disturbed,
    Moment,
    Undisturbed,
    assert_readable,
    assert_same_as,
    disturb,
    undisturbed,
    within_an_epoch,
)

EVERY = 5  # of so many trials one gets a second signal
EARLIEST = 4  # of so many one comes before the first epoch is reported: in the tracing, in the compiling
ATTEMPTS = 5  # a signal that finds nothing left to stop shows nothing, and is sent to another training, earlier


@case(
    "Ctrl-C and SIGTERM at random moments of train, then --resume",
    goal="code 130, a table, the command to go on; then the weights never interrupted",
    full=50,
    quick=2,
    slow=True,
)
def stopped(plan: Plan) -> Iterator[Trial]:
    whole, random = undisturbed(plan.folder), Random(plan.seed)
    for number in range(plan.count):
        which = (signal.SIGINT, signal.SIGTERM)[number % 2]
        twice = number % EVERY == EVERY - 1
        early = Moment(0, random.uniform(0, whole.seconds * 0.3))
        moment = early if number % EARLIEST == EARLIEST - 1 else within_an_epoch(random)
        name = f"{which.name}{' twice' if twice else ''} {number} {moment}"
        yield Trial(name, partial(_stop_and_resume, plan.folder, whole, Stop(which, twice, moment)))


@dataclass(frozen=True)
class Stop:
    which: signal.Signals
    twice: bool
    moment: Moment

    def send(self, training: Disturbed) -> int:
        """Returns how many epochs were reported by the time it was sent."""
        self.moment.wait(training)
        training.process.send_signal(self.which)
        told = training.told
        if self.twice:
            time.sleep(0.05)
            training.process.send_signal(self.which)
        return told


def _stop_and_resume(folder: Path, whole: Undisturbed, stop: Stop) -> None:
    data, out = folder / "stripes.npz", folder / "stopped"
    for attempt in range(ATTEMPTS):
        shutil.rmtree(out, ignore_errors=True)
        training = disturb(data, out)
        earlier = Moment(stop.moment.epoch >> attempt, stop.moment.after / 2**attempt)
        told = replace(stop, moment=earlier).send(training)
        printed = training.process.communicate(timeout=PATIENCE)[0].decode()
        if training.run is None:
            raise Lost(f"no run was made: {training.text[-300:]}")
        assert_readable(training.run)
        if read_record(training.run)["status"] == "done":
            if told < EPOCHS - 1:  # else only the end of the last epoch was left, or pictures to draw
                raise Lost(f"the signal was ignored: sent after epoch {told}, and it trained all {EPOCHS}")
            continue
        _check_how_it_ended(training, training.run, printed, twice=stop.twice)
        assert_same_as(whole, data, training.run, told=training.told)
        return
    raise Lost(f"{ATTEMPTS} trainings were over before the signal came")


def _check_how_it_ended(training: Disturbed, run: Path, printed: str, *, twice: bool) -> None:
    said, code, status = training.text, training.process.returncode, read_record(run)["status"]
    if code != 130 or "Traceback" in said:
        raise Lost(f"code {code} instead of 130: {said[-300:]}")
    if status != "stopped":
        raise Lost(f"its status is {status}")
    if not twice:
        _check_what_was_said(printed, said, run)


def _check_what_was_said(printed: str, said: str, run: Path) -> None:
    if not re.search(r"saved:\s+.*epoch \d", printed, re.DOTALL):
        raise Lost(f"no table: {printed[-300:]}")
    command = re.search(r"next: (kerasnn train --resume .*) continues", said)
    if command is None or shlex.split(command[1])[3:] != [run.name, "--runs", str(run.parent)]:
        raise Lost(f"no command to go on: {said[-300:]}")
