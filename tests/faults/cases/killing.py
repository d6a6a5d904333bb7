"""SIGKILL, which no program can handle: during training, and while files are saved."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random

from tests.faults.frame import Lost, Plan, Trial, case
from tests.faults.training import (
    Moment,
    Undisturbed,
    assert_readable,
    assert_same_as,
    disturb,
    undisturbed,
    within_an_epoch,
)

ANYWHERE = 3  # of so many kills one comes at any time, the others while epochs are trained


@case(
    "SIGKILL at random moments of train, then --resume",
    goal="every file readable, no reported epoch trained again, then bitwise the weights never interrupted",
    full=200,
    quick=2,
    slow=True,
)
def killed_in_training(plan: Plan) -> Iterator[Trial]:
    whole, random = undisturbed(plan.folder), Random(plan.seed)
    for number in range(plan.count):
        # some at any time, beyond its end too: while it compiles, while it saves, just after
        anywhere = Moment(0, random.uniform(0, whole.seconds * 1.02))
        moment = anywhere if number % ANYWHERE == ANYWHERE - 1 else within_an_epoch(random)
        yield Trial(f"kill {number} {moment}", partial(_kill_and_resume, plan.folder, whole, number, moment))


def _kill_and_resume(folder: Path, whole: Undisturbed, number: int, moment: Moment) -> None:
    data, out = folder / "stripes.npz", folder / f"killed-{number}"
    training = disturb(data, out)
    moment.wait(training)
    training.process.kill()
    training.process.communicate()
    if training.run is None:
        raise Lost(f"no run was made: {training.text[-300:]}")
    assert_readable(training.run)
    assert_same_as(whole, data, training.run, told=training.told)
    shutil.rmtree(out)


@case(
    "SIGKILL while saving",
    goal="the old model or the new one, whole",
    full=500,
    quick=20,
    slow=True,
)
def killed_while_saving(plan: Plan) -> Iterator[Trial]:
    command = [sys.executable, "-m", "tests.faults.saving", str(plan.folder), str(plan.count), str(plan.seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            found = json.loads(line)
            yield Trial(f"kill {found['kill']} after {found['moment']:.4f} s", partial(_raise_what_was_lost, found))
    if process.returncode:
        yield Trial("the killing", partial(_raise_what_was_lost, {"lost": f"it ended with {process.returncode}"}))


def _raise_what_was_lost(found: dict[str, str | None]) -> None:
    if found["lost"]:
        raise Lost(found["lost"])
