"""Ctrl-C and SIGTERM: the table so far, the command to go on, and everything needed for it."""

import re
import shlex
import shutil
import signal
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random

from kerasnn.runs.folder import read_record
from tests.faults.frame import Lost, Plan, Trial, case
from tests.faults.training import (
    PATIENCE,
    Undisturbed,
    assert_readable,
    assert_same_as,
    start,
    undisturbed,
    wait_for_run,
    words,
)

EVERY = 5  # of so many trials one gets a second signal


@case(
    "Ctrl-C and SIGTERM at random moments of train, then --resume",
    goal="code 130, a table, the command to go on; then the weights never interrupted",
    full=50,
    quick=2,
)
def stopped(plan: Plan) -> Iterator[Trial]:
    whole, random = undisturbed(plan.folder), Random(plan.seed)
    for number in range(plan.count):
        which = (signal.SIGINT, signal.SIGTERM)[number % 2]
        twice = number % EVERY == EVERY - 1
        moment = random.uniform(0, whole.seconds * 0.5)
        name = f"{which.name}{' twice' if twice else ''} {number} after {moment:.3f} s"
        yield Trial(name, partial(_stop_and_resume, plan.folder, whole, which, moment, twice=twice))


def _stop_and_resume(folder: Path, whole: Undisturbed, which: signal.Signals, moment: float, *, twice: bool) -> None:
    data, out = folder / "stripes.npz", folder / "stopped"
    shutil.rmtree(out, ignore_errors=True)
    process = start(words(data, out))
    run = wait_for_run(process, out)
    time.sleep(moment)
    process.send_signal(which)
    if twice:
        time.sleep(0.05)
        process.send_signal(which)
    printed, said = (each.decode() for each in process.communicate(timeout=PATIENCE))
    if run is None:
        raise Lost("no run was made")
    assert_readable(run)
    status = read_record(run)["status"]
    if status == "done" and process.returncode == 0:
        return  # it was finished already, and only its pictures were being drawn or it was just leaving
    if process.returncode != 130 or "Traceback" in said:
        raise Lost(f"code {process.returncode} instead of 130: {said[-300:]}")
    if status not in ("stopped", "done"):
        raise Lost(f"its status is {status}")
    if not twice:
        _check_what_was_said(printed, said, run)
    assert_same_as(whole, data, run)


def _check_what_was_said(printed: str, said: str, run: Path) -> None:
    if "kept: epoch" not in printed:
        raise Lost(f"no table: {printed[-300:]}")
    command = re.search(r"next: (kerasnn train --resume .*) goes on", said)
    if command is None or shlex.split(command[1])[3:] != [run.name, "--out", str(run.parent)]:
        raise Lost(f"no command to go on: {said[-300:]}")
