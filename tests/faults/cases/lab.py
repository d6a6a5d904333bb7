"""The lab under hostile requests, and under kills of its trainer and its server."""

import os
import signal
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random
from subprocess import CalledProcessError

from tests.conftest import EVEN, save_npz
from tests.faults.frame import Lost, Plan, Trial, case
from tests.lab.client import PATIENCE, LabProcess, lab_process
from tests.lab.hostile import ATTACKS, Attack
from tests.lab.runs import assert_same_weights, kerasnn

EPOCHS = 40
ON_STRIPES = ("--dataset", "stripes.npz")


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    save_npz(folder / "stripes.npz", count=EVEN)
    return folder


def _refused(lab: LabProcess, attack: Attack) -> None:
    runs, said, began = sorted(lab.runs.iterdir()), lab.said, time.monotonic()
    if wrong := attack.refused_by(lab):
        raise Lost(wrong)
    if sorted(lab.runs.iterdir()) != runs or lab.said != said:
        raise Lost(f"it left something: {lab.said[len(said) :][-300:]}")
    if lab.ask("/api/lab").status != 200 or time.monotonic() - began > PATIENCE:
        raise Lost("the lab no longer answers, or answered too late")


@case(
    "hostile requests to the lab",
    goal="none accepted, none hangs, no bug, no trace",
    full=len(ATTACKS),
    quick=40,
    most=len(ATTACKS),
)
def hostile_requests(plan: Plan) -> Iterator[Trial]:
    folder = _made(plan.folder / "lab")
    (folder / "runs").mkdir()
    (folder / "runs" / "linked").symlink_to("/etc", target_is_directory=True)
    with lab_process(folder, *ON_STRIPES) as lab:
        lab.wait_until_warm()
        for attack in Random(plan.seed).sample(ATTACKS, plan.count):
            yield Trial(attack.name[:80], partial(_refused, lab, attack))


def _killed(folder: Path, whole: Path, random: Random) -> None:
    victim = random.choice(("trainer", "server"))
    with lab_process(folder, *ON_STRIPES) as lab:
        lab.wait_until_warm()
        run = lab.begin("softmax", epochs=EPOCHS)
        last = random.randrange(EPOCHS)
        next((content for kind, content in lab.events(run) if kind == "epoch" and content["epoch"] > last), None)
        time.sleep(random.uniform(0, 0.03))
        trainers = lab.trainers()
        os.kill(lab.process.pid if victim == "server" else trainers[0], signal.SIGKILL)
        end = time.monotonic() + PATIENCE
        while any(Path(f"/proc/{pid}").exists() for pid in trainers):
            if time.monotonic() > end:
                raise Lost(f"after the kill of the {victim} the trainer goes on")
            time.sleep(0.05)
    if not (folder / "runs" / run / "model.keras").is_file():
        try:
            kerasnn(lab, "train", "--resume", run, "--quiet")
        except CalledProcessError as error:
            raise Lost(f"it cannot be resumed: code {error.returncode}") from None
    try:
        assert_same_weights(whole, folder / "runs" / run)
    except AssertionError:
        raise Lost(f"other weights after the kill of the {victim}") from None


@case(
    "kills of the lab",
    goal="no run lost, each resumed to bitwise the weights never interrupted",
    full=50,
    quick=2,
    slow=True,
)
def killed_lab(plan: Plan) -> Iterator[Trial]:
    folder, random = _made(plan.folder / "lab"), Random(plan.seed)
    with lab_process(folder, *ON_STRIPES) as lab:
        whole, _record = lab.train("softmax", epochs=EPOCHS)
    for number in range(plan.count):
        yield Trial(f"kill {number}", partial(_killed, folder, folder / "runs" / whole, random))
