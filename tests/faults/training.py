"""A small training in a separate process, to be disturbed, and the same training undisturbed, to compare it with."""

import atexit
import csv
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import isfinite
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

import kerasnn
from kerasnn.errors import KerasnnError
from kerasnn.records import Run
from kerasnn.runs import checkpoint
from kerasnn.runs.folder import all_runs, latest_run, read_record, sweep_runs
from kerasnn.runs.history import COLUMNS, HISTORY
from kerasnn.runs.latest import LATEST
from tests.conftest import save_npz
from tests.faults.frame import Lost

# dropout, early stopping's counters, a best epoch that is not the last, a smaller last batch
STAGE = "early-stopping"
SETTINGS: dict[str, Any] = {"hidden": [16], "epochs": 60, "batch_size": 8, "patience": 55, "learning_rate": 0.02}
EPOCHS: int = SETTINGS["epochs"]
PATIENCE = 300.0  # seconds for a process of a machine that has much else to do


@dataclass(frozen=True)
class Undisturbed:
    """The training as it should end. `seconds`: from the making of its folder to its end, in a process of its own."""

    run: Run
    seconds: float


def words(data: Path, out: Path) -> list[str]:
    """The command line of the training."""
    flags = [word for name, value in SETTINGS.items() for word in (f"--{name.replace('_', '-')}", value)]
    plain = [str(word[0] if isinstance(word, list) else word) for word in flags]
    return ["train", "--stage", STAGE, *plain, "--dataset", str(data), "--out", str(out)]


@dataclass(frozen=True)
class Disturbed:
    """A training in a process of its own. `said`: the file that takes what it says on stderr, as it comes."""

    process: "subprocess.Popen[bytes]"
    out: Path
    said: Path
    run: Path | None

    @property
    def told(self) -> int:
        """How many epochs it has reported so far; each was kept before it was reported."""
        return epochs_told(self.text)

    @property
    def text(self) -> str:
        return self.said.read_text(encoding="utf-8", errors="replace")

    def wait_until(self, told: int) -> None:
        """Return once so many epochs were reported, or the process has ended."""
        self._wait(lambda: self.told >= told or self.process.poll() is not None)

    def _wait(self, reached: Callable[[], bool]) -> None:
        until = time.perf_counter() + PATIENCE
        while not reached():
            if time.perf_counter() > until:
                raise RuntimeError(f"nothing came in {PATIENCE:.0f} s")
            time.sleep(0.002)


@dataclass(frozen=True)
class Moment:
    """`after`: so many seconds after `epoch` is reported, which for 0 is when the run has a record."""

    epoch: int
    after: float

    def wait(self, training: Disturbed) -> None:
        training.wait_until(self.epoch)
        time.sleep(self.after)

    def __str__(self) -> str:
        return f"{self.after:.3f} s after epoch {self.epoch}"


def within_an_epoch(random: Random) -> Moment:
    """A moment of the training itself, which takes a quarter of the time of its process; two epochs are left then."""
    return Moment(random.randrange(1, EPOCHS - 1), random.uniform(0, 0.1))


def disturb(data: Path, out: Path) -> Disturbed:
    """Begin the training in the new folder `out`; returns once its run has a record, or it has ended without one."""
    out.mkdir()
    said = out / "said.txt"
    with said.open("wb") as file:
        process = start(words(data, out), stderr=file)
    return Disturbed(process, out, said, wait_for_run(process, out))


def epochs_told(text: str) -> int:
    """The last epoch that progress in plain lines reports as finished; 0 where there is none."""
    finished = re.findall(r"^epoch +(\d+)/\d+  loss .*\n", text, re.MULTILINE)
    return int(finished[-1]) if finished else 0


def start(arguments: list[str], **options: Any) -> "subprocess.Popen[bytes]":
    """kerasnn in a process of its own, its output caught."""
    command = [sys.executable, "-m", "kerasnn", *arguments]
    environment = {**os.environ, "KERASNN_LANG": "en"}
    return subprocess.Popen(
        command, env=environment, **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    )


def undisturbed(folder: Path) -> Undisturbed:
    """The training, undisturbed; the data are put into `folder` for the other ones."""
    save_npz(folder / "stripes.npz")
    return _train_undisturbed()


@cache
def _train_undisturbed() -> Undisturbed:
    """Train once for all cases of this process, in a folder that goes with the process."""
    folder = Path(tempfile.mkdtemp(prefix="kerasnn-undisturbed-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    data = save_npz(folder / "stripes.npz")
    process = start(words(data, folder / "whole"))
    begun = wait_for_run(process, folder / "whole")
    began = time.perf_counter()
    _, said = process.communicate(timeout=PATIENCE)
    if begun is None or process.returncode:
        raise RuntimeError(f"the undisturbed training ended with {process.returncode}: {said.decode()}")
    seconds = time.perf_counter() - began
    # a second one: what a resumed run is held against comes of another process
    return Undisturbed(kerasnn.train(STAGE, dataset=data, out=folder / "again", **SETTINGS), seconds)


def wait_for_run(process: "subprocess.Popen[bytes]", out: Path) -> Path | None:
    """The folder of the run that `process` makes in `out`, once it has a record; None where the process ends first."""
    until = time.perf_counter() + PATIENCE
    while time.perf_counter() < until:
        for folder in all_runs(out):
            if (folder / "run.json").is_file():
                return folder
        if process.poll() is not None:
            return None
        time.sleep(0.002)
    raise RuntimeError(f"no run began in {PATIENCE:.0f} s")


def assert_readable(folder: Path) -> None:
    """Raises Lost where a file of the run is not whole."""
    try:
        record = read_record(folder)
        checkpoint.read(folder)
        if (folder / "model.keras").exists():
            arrays_of(folder)
        if (folder.parent / LATEST).exists():
            latest_run(folder.parent)
        if (folder / HISTORY).exists() or record["status"] == "done":
            _assert_history(folder / HISTORY)
    except KerasnnError as error:
        raise Lost(error.message) from None
    finished = (folder / "model.npz").exists() or (
        (folder / "state.npz").exists() and (folder / "model.keras").exists()
    )
    if record["status"] == "done" and not finished:
        raise Lost("looks done without its model")


def _assert_history(path: Path) -> None:
    """Raises Lost where the table of the epochs is not whole: a row an epoch, counted from 1, of finite numbers."""
    try:
        with path.open(newline="", encoding="utf-8") as file:
            heading, *rows = csv.reader(file)
        numbers = [[float(cell) for cell in row] for row in rows]
    except (OSError, ValueError) as error:
        raise Lost(f"{HISTORY} cannot be read: {error}") from None
    whole = all(len(row) == len(COLUMNS) and all(map(isfinite, row)) for row in numbers)
    if tuple(heading) != COLUMNS or not whole or [row[0] for row in numbers] != list(range(1, len(rows) + 1)):
        raise Lost(f"{HISTORY} is not whole")


def assert_same_as(whole: Undisturbed, data: Path, folder: Path, *, told: int) -> None:
    """Take the run in `folder` up again, unless it is done; raises Lost where it ends in other weights or figures.

    Or where any of the `told` epochs that it had reported is trained again: only the one under way may be.
    """
    if read_record(folder)["status"] != "done":
        try:
            kerasnn.resume(str(folder), dataset=data, out=folder.parent)
        except KerasnnError as error:
            raise Lost(f"cannot be taken up again: {error.message}") from None
        (*_, after) = read_record(folder)["resumed_after"] or [0]
        if after < told:
            raise Lost(f"it went on after epoch {after}, though it had reported {told}")
    theirs = Path(whole.run.model or "").parent
    ours, expected = read_record(folder), read_record(theirs)
    for name in ("status", "history", "best_epoch", "kept_epoch", "stopped_epoch", "stopped_early", "test"):
        if ours[name] != expected[name]:
            raise Lost(f"{name} is {str(ours[name])[:80]} instead of {str(expected[name])[:80]}")
    pairs = zip(arrays_of(folder), arrays_of(theirs), strict=True)
    if not all(a.tobytes() == b.tobytes() for a, b in pairs):
        raise Lost("weights or optimizer are not bitwise the same")
    sweep_runs(folder.parent)  # as the next start of a training does
    left = [path.name for path in folder.rglob("*") if ".draft" in path.name or path.name == "checkpoint"]
    if left:
        raise Lost(f"leftovers: {left}")


def arrays_of(folder: Path) -> list[Any]:
    """All arrays of the model, and of the state where there is one: weights, best weights, optimizer, generators."""
    from kerasnn.networks.files.open import open_classifier

    classifier: Any = open_classifier(folder / "model.keras")
    arrays = [array for part in classifier.weights for array in (part.kernel, part.bias)]
    kept = checkpoint.read(folder)
    if kept is not None:
        state = kept.state
        arrays += [*state.weights, *state.best_weights, *state.optimizer, *state.generators]
    return [np.asarray(array) for array in arrays]
