"""SIGKILL, which no program can answer: while it trains, and while it saves."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random

from tests.faults.frame import Lost, Plan, Trial, case
from tests.faults.training import (
    Undisturbed,
    assert_readable,
    assert_same_as,
    start,
    undisturbed,
    wait_for_run,
    words,
)


@case(
    "SIGKILL at random moments of train, then --resume",
    goal="every file readable, then bitwise the weights and history never interrupted",
    full=200,
    quick=2,
)
def killed_in_training(plan: Plan) -> Iterator[Trial]:
    whole, random = undisturbed(plan.folder), Random(plan.seed)
    for number in range(plan.count):
        # beyond its end too: some are killed while they save, some just after
        moment = random.uniform(0, whole.seconds * 1.02)
        yield Trial(
            f"kill {number} after {moment:.3f} s", partial(_kill_and_resume, plan.folder, whole, number, moment)
        )


def _kill_and_resume(folder: Path, whole: Undisturbed, number: int, moment: float) -> None:
    data, out = folder / "stripes.npz", folder / f"killed-{number}"
    process = start(words(data, out))
    run = wait_for_run(process, out)
    time.sleep(moment)
    process.kill()
    process.communicate()
    if run is None:
        raise Lost("no run was made")
    assert_readable(run)
    assert_same_as(whole, data, run)
    shutil.rmtree(out)


@case(
    "SIGKILL while saving",
    goal="the old model or the new one, whole",
    full=500,
    quick=20,
)
def killed_while_saving(plan: Plan) -> Iterator[Trial]:
    command = [sys.executable, "-m", "tests.faults.saving", str(plan.folder), str(plan.count), str(plan.seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            found = json.loads(line)
            yield Trial(f"kill {found['kill']} after {found['moment']:.4f} s", partial(_raise_what_was_lost, found))


def _raise_what_was_lost(found: dict[str, str | None]) -> None:
    if found["lost"]:
        raise Lost(found["lost"])
