"""Race optimizers against each other, with the same initial weights and the same batches in the same order.

Source: lecture, "optimizers".
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from typing import Any, Final, Unpack

from kerasnn.data.dataset import Dataset
from kerasnn.data.load import AUTO, load_data
from kerasnn.errors import UsageError, did_you_mean
from kerasnn.language import _
from kerasnn.lecture.hyperparameters import Limits, Overrides, Settings
from kerasnn.lecture.optimizers import CONTENDERS, OPTIMIZER_SETTINGS
from kerasnn.lecture.settings import find_stage, lists_hyperparameters, resolve
from kerasnn.lecture.stages import Stage
from kerasnn.records import Contender, Listener, Notice, Race, ignore
from kerasnn.training.train import train_whole

TARGET: Final = 0.4  # validation loss
TARGETS: Final = Limits(0, 1_000, whole=False, open_low=True)


@lists_hyperparameters
def race(
    optimizers: Sequence[str] = (),
    *,
    rates: Mapping[str, float] | None = None,
    stage: str = "relu",
    target: float = TARGET,
    dataset: str | Path | Dataset = AUTO,
    data_dir: str | Path | None = None,
    listener: Listener = ignore,
    **overrides: Unpack[Overrides],
) -> Race:
    """Train `stage` once with each of `optimizers`, with the same initial weights and the same batches.

    `optimizers`: names of `CONTENDERS`; empty means all. `rates`: learning rates by these names; the others have Keras'
    default. `target`: a validation loss to reach. `dataset`, `data_dir`: as in `load_data`. `overrides`:
    hyperparameters that all of them share.

    Raises: UsageError, DataError; Interrupted: a race cut short has no result.
    """
    if not TARGETS.hold(target):
        raise UsageError(_("--target is {value}", value=target), expected=str(TARGETS))
    chosen, entries = _entries(optimizers, rates or {}, stage, overrides)  # errors come before data are loaded
    settings, _changed = resolve(chosen, overrides)
    data = load_data(dataset, data_dir=data_dir, listener=listener)
    contenders = []
    for number, (name, entry) in enumerate(entries.items(), start=1):
        listener(Notice(_("{number} of {count}: {name}", number=number, count=len(entries), name=name)))
        contenders.append(_run(name, chosen, entry, data, target, listener))
    return Race(
        dataset=data.info,
        stage=stage,
        seed=settings.seed,
        epochs=settings.epochs,
        batch_size=settings.batch_size,
        target=target,
        contenders=tuple(contenders),
    )


def _entries(
    names: Sequence[str], rates: Mapping[str, float], stage: str, overrides: Mapping[str, Any]
) -> tuple[Stage, dict[str, Settings]]:  # those of each contender, by its name
    chosen = find_stage(stage)
    if chosen.library != "keras":
        raise UsageError(
            _("stage '{stage}' is trained by scikit-learn, which has no choice of optimizers", stage=stage),
            expected=_("a stage that Keras trains"),
        )
    names = tuple(dict.fromkeys(names)) or tuple(CONTENDERS)
    for name in (*names, *rates):
        if name not in CONTENDERS:
            raise UsageError(
                _("there is no optimizer '{name}' in the race", name=name),
                expected=_("one of {names}", names=", ".join(CONTENDERS)),
                hint=did_you_mean(name, CONTENDERS),
            )
        if name not in names:
            raise UsageError(
                _("a rate is given for '{name}', which is not in the race", name=name),
                expected=_("one of {names}", names=", ".join(names)),
            )
    for name in overrides:
        if name in OPTIMIZER_SETTINGS:
            raise UsageError(
                _("'{name}' is what distinguishes the optimizers in a race", name=name),
                expected=_("names of optimizers, and rates by name"),
            )
    entries = {name: {**overrides, **CONTENDERS[name], "learning_rate": rates.get(name)} for name in names}
    return chosen, {name: resolve(chosen, entry)[0] for name, entry in entries.items()}


def _run(name: str, stage: Stage, settings: Settings, dataset: Dataset, target: float, listener: Listener) -> Contender:
    from kerasnn.study.step_sizes import StepSizeRecorder  # loads TensorFlow

    recorder = StepSizeRecorder()
    full = replace(settings, patience=None)  # in a race nobody stops early
    training = train_whole(stage, full, dataset, listener=listener, callbacks=[recorder]).training
    reached = next((epoch.epoch for epoch in training.history if epoch.val_loss <= target), None)
    times = list(accumulate(each.seconds for each in recorder.step_sizes))
    return Contender(
        name=name,
        optimizer=settings.optimizer,
        learning_rate=settings.learning_rate or 0.0,
        momentum=settings.momentum,
        nesterov=settings.nesterov,
        history=training.history,
        paces=tuple(recorder.step_sizes[: len(training.history)]),
        best_epoch=training.best_epoch,
        target_epoch=reached,
        target_seconds=times[reached - 1] if reached else None,
        seconds=times[-1] if times else 0.0,
        start=recorder.start,
        diverged=training.outcome == "diverged",
    )
