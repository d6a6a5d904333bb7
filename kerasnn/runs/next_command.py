"""The command that helps most after a training, by what its curves say."""

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from kerasnn.files.paths import RUNS
from kerasnn.lecture.optimizers import MOMENTUM, OPTIMIZER_BY_NAME
from kerasnn.lecture.stages import STAGE_BY_NAME
from kerasnn.networks.backend import DEFAULT
from kerasnn.records import CurveReading, Run
from kerasnn.records.data import FASHION_MNIST
from kerasnn.records.training import LASTING
from kerasnn.training.reading import HIGH_MOMENTUM, harmful_rate, unusual_rate

PATIENCE: Final = 2  # the lecture's
DROPOUT: Final = 0.3  # the lecture's
SLOWER: Final = 10  # by what to divide a learning rate that is too high although it is the usual one
SATURATING: Final = ("sigmoid", "tanh")


def next_command(run: Run, reading: CurveReading) -> str:
    """Return the command to try after `run`, a run or a reference model with its curves."""
    if run.status == "stopped":
        return shlex.join(["kerasnn", "train", "--resume", _name(run)])
    settings = run.settings
    if reading.failed or (reading.verdict == "noisy" and harmful_rate(settings)):
        changes = _for_learning(run, reading)
        return _again(run, changes) if changes else shlex.join(["kerasnn", "data", "show", *_dataset(run)])
    match reading.verdict:
        case "overfitting" | "noisy" if settings.patience is None and not reading.too_early:
            return _again(run, {"patience": _patience(run, reading.best_epoch)})
        case "overfitting" if settings.hidden and not settings.dropout:
            return _again(run, {"dropout": DROPOUT})
        case "still-learning" | "noisy":
            return _longer(run, LASTING if reading.too_early else len(run.history))
    return shlex.join(["kerasnn", "evaluate", _name(run)])


def _patience(run: Run, best_epoch: int) -> int:
    """Return the patience with which this training would have reached its best epoch; at least the lecture's."""
    lowest, waited, longest = float("inf"), 0, 0
    for epoch in run.history[:best_epoch]:
        waited = 0 if epoch.val_loss < lowest else waited + 1
        lowest, longest = min(lowest, epoch.val_loss), max(longest, waited)
    return max(PATIENCE, longest + 1)


def flags_of(changes: Mapping[str, Any]) -> list[str]:
    """Return the words of the command line that set hyperparameters to the values of `changes`."""
    return [word for name, value in changes.items() for word in _flag("--" + name.replace("_", "-"), value)]


def _flag(flag: str, value: Any) -> list[str]:
    # a flag with several values is repeated, one without a value has a form with --no-
    if isinstance(value, tuple):
        return [word for each in value for word in (flag, str(each))]
    if isinstance(value, bool):
        return [flag if value else f"--no-{flag[2:]}"]
    return [flag, str(value)]


def _for_learning(run: Run, reading: CurveReading) -> dict[str, Any]:
    """Return the setting to change in a training that did not learn; nothing if its settings are usual ones."""
    settings, rate = run.settings, run.settings.learning_rate or 0.0
    if unusual_rate(settings):
        return {"learning_rate": OPTIMIZER_BY_NAME[settings.optimizer].learning_rate}
    if settings.momentum >= HIGH_MOMENTUM:
        return {"momentum": MOMENTUM}
    if reading.verdict == "diverging":
        return {"learning_rate": float(f"{rate / SLOWER:.3g}")}
    return {"activation": "relu"} if settings.hidden and settings.activation in SATURATING else {}


def _longer(run: Run, epochs: int) -> str:
    tensorflow = run.environment.backend in (None, DEFAULT)
    if run.started and run.status == "done" and tensorflow:  # else it cannot be resumed
        return shlex.join(["kerasnn", "train", "--resume", _name(run), "--more-epochs", str(epochs)])
    return _again(run, {"epochs": len(run.history) + epochs})


def _again(run: Run, changes: Mapping[str, Any]) -> str:
    """Return the command that trains the same stage with the overrides of `run` and with `changes`."""
    words = ["kerasnn", "train", run.stage, *flags_of({**run.overrides, **changes})]
    stage = STAGE_BY_NAME.get(run.stage)
    if stage is not None and run.seed != stage.settings.seed:
        words += ["--seed", str(run.seed)]
    if run.environment.backend not in (None, DEFAULT):
        words += ["--backend", str(run.environment.backend)]
    return shlex.join([*words, *_dataset(run)])


def _dataset(run: Run) -> list[str]:
    argument = run.dataset.argument
    return ["--dataset", argument] if argument and argument != FASHION_MNIST else []


def _name(run: Run) -> str:
    """Return the run's id, or its folder if that is not in the usual place."""
    folder = Path(run.model).parent if run.model else None
    usual = folder is None or not run.started or folder.parent == RUNS
    return run.run if usual else str(folder)
