"""A small training in a process of its own, to be disturbed, and the same one undisturbed, to hold it against."""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from kerasnn import api
from kerasnn.errors import KerasnnError
from kerasnn.records import Run
from kerasnn.runs import checkpoint
from kerasnn.runs.folder import all_runs, read_record, sweep_runs
from tests.conftest import save_npz
from tests.faults.frame import Lost

# dropout, early stopping's counters, a best epoch that is not the last, a smaller last batch
STAGE = "early-stopping"
SETTINGS: dict[str, Any] = {"hidden": [16], "epochs": 60, "batch_size": 8, "patience": 55, "learning_rate": 0.02}
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


def start(arguments: list[str], **options: Any) -> "subprocess.Popen[bytes]":
    """kerasnn in a process of its own, its output caught."""
    command = [sys.executable, "-m", "kerasnn", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ), **options)


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
    return Undisturbed(api.train(STAGE, dataset=data, out=folder / "again", **SETTINGS), seconds)


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
    except KerasnnError as error:
        raise Lost(error.message) from None
    finished = (folder / "model.npz").exists() or (
        (folder / "state.npz").exists() and (folder / "model.keras").exists()
    )
    if record["status"] == "done" and not finished:
        raise Lost("looks done without its model")


def assert_same_as(whole: Undisturbed, data: Path, folder: Path) -> None:
    """Take the run in `folder` up again, unless it is done; raises Lost where it ends in other weights or figures."""
    if read_record(folder)["status"] != "done":
        try:
            api.resume(str(folder), dataset=data, out=folder.parent)
        except KerasnnError as error:
            raise Lost(f"cannot be taken up again: {error.message}") from None
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
    from kerasnn.networks.storage import open_classifier

    classifier: Any = open_classifier(folder / "model.keras")
    arrays = [array for part in classifier.weights for array in (part.kernel, part.bias)]
    kept = checkpoint.read(folder)
    if kept is not None:
        state = kept.state
        arrays += [*state.weights, *state.best_weights, *state.optimizer, *state.generators]
    return [np.asarray(array) for array in arrays]
