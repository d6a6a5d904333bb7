"""Compare on the same split: SGDClassifier with one Dense layer, and optimizers in a race."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from typing import Any, Final, Unpack

from kerasnn.data.dataset import Dataset
from kerasnn.data.load import AUTO, load_data
from kerasnn.errors import UsageError, look_up
from kerasnn.language import _
from kerasnn.lecture.hyperparameters import SEED, Limits, Overrides, Settings
from kerasnn.lecture.optimizers import CONTENDERS, OPTIMIZER_SETTINGS
from kerasnn.lecture.settings import find_setting, find_stage, lists_hyperparameters, resolve
from kerasnn.lecture.stages import STAGE_BY_NAME, Stage
from kerasnn.networks.backend import announce_import
from kerasnn.networks.evaluation import score
from kerasnn.networks.threads import choose_threads, threads_for
from kerasnn.records import (
    Comparison,
    ComparisonRow,
    Contender,
    Listener,
    Note,
    Notice,
    Race,
    Working,
    show_in_notebook,
)
from kerasnn.training.state import Conduct
from kerasnn.training.train import architecture_of, train_whole


def compare_sklearn(
    *,
    dataset: str | Path | Dataset = AUTO,
    data_dir: str | Path | None = None,
    seeds: Sequence[int] = (SEED,),
    epochs: int | None = None,
    folds: int | None = None,
    listener: Listener = show_in_notebook,
) -> Comparison:
    """Train SGDClassifier and one Dense layer with softmax on the same split, once per seed, for `epochs` epochs.

    `folds`: also cross-validate SGDClassifier in this many folds. `dataset`, `data_dir`: as in `load_data`.
    Source: lecture, "scikit-learn and Keras side by side".

    Raises: UsageError, DataError, Interrupted.
    """
    data = load_data(dataset, data_dir=data_dir, listener=listener)
    rows, notes = [], list[Note]()
    for name, title in (("sgd", "SGDClassifier"), ("softmax", f"Dense({data.classes}, softmax)")):
        row, row_notes = _row(STAGE_BY_NAME[name], title, data, seeds, epochs, listener)
        rows.append(row)
        notes += row_notes
    if folds is not None:
        from kerasnn.training.baseline import cross_validated  # loads scikit-learn, which a race does not need

        settings, _changed = resolve(STAGE_BY_NAME["sgd"], {"seed": seeds[0], "epochs": epochs})
        listener(
            Notice(_("Cross-validating SGDClassifier in {folds} folds: {folds} trainings on all images", folds=folds))
        )
        listener(Working("training"))
        rows.insert(1, cross_validated(settings, data, folds))
    return Comparison(data.info, tuple(rows), tuple(notes))


def _row(
    stage: Stage, title: str, dataset: Dataset, seeds: Sequence[int], epochs: int | None, listener: Listener
) -> tuple[ComparisonRow, list[Note]]:
    trainings = []
    for seed in seeds:
        settings, _changed = resolve(stage, {"seed": seed, "epochs": epochs})
        listener(Notice(_("Training {title}, seed {seed}", title=title, seed=seed)))
        trainings.append(train_whole(stage, settings, dataset, Conduct(listener)))
    scores = [score(each.classifier, dataset.validation) for each in trainings]
    accuracies = [each.accuracy for each in scores]
    row = ComparisonRow(
        model=title,
        parameters=trainings[0].classifier.parameters,
        accuracy=statistics.fmean(accuracies),
        log_loss=statistics.fmean(each.loss for each in scores),
        seconds=sum(each.training.compile_seconds + each.training.train_seconds for each in trainings),
        spread=statistics.stdev(accuracies) if len(seeds) > 1 else None,
        seeds=tuple(seeds),
    )
    notes = [note for each in trainings for note in each.training.notes]
    notes = [note for place, note in enumerate(notes) if note not in notes[:place]]  # each once, for all seeds
    return row, notes


TARGET: Final = 0.4  # validation loss
TARGETS: Final = Limits(0, 1_000, whole=False, open_low=True)


@lists_hyperparameters
def race(
    optimizers: Sequence[str] = (),
    *,
    rates: Mapping[str, float] | None = None,
    stage: str = "relu",
    target: float = TARGET,
    threads: int | None = None,
    dataset: str | Path | Dataset = AUTO,
    data_dir: str | Path | None = None,
    listener: Listener = show_in_notebook,
    **overrides: Unpack[Overrides],
) -> Race:
    """Train `stage` once with each of `optimizers`, with the same initial weights and the same batches.

    `optimizers`: names of `CONTENDERS`; empty means all. `rates`: learning rates by these names; the others have Keras'
    default. `target`: a validation loss to reach. `threads`: as in `train`. `dataset`, `data_dir`: as in `load_data`.
    `overrides`: hyperparameters that all of them share. Source: lecture, "optimizers".

    Raises: UsageError, DataError; Interrupted: a race cut short has no result.
    """
    if not TARGETS.hold(target):
        raise UsageError(_("--target is {value}", value=target), expected=str(TARGETS))
    chosen, entries = _entries(optimizers, rates or {}, stage, overrides)  # errors come before data are loaded
    settings, _changed = resolve(chosen, overrides)
    data = load_data(dataset, data_dir=data_dir, listener=listener)
    choose_threads(threads, threads_for(architecture_of(settings, data).parameters, settings.batch_size))
    contenders = []
    for number, (name, entry) in enumerate(entries.items(), start=1):
        listener(Notice(_("{number} of {count}: {name}", number=number, count=len(entries), name=name)))
        contenders.append(_run(name, chosen, entry, data, target, listener))
    return Race(
        dataset=data.info,
        stage=chosen.name,
        seed=settings.seed,
        epochs=settings.epochs,
        batch_size=settings.batch_size,
        target=target,
        contenders=tuple(contenders),
    )


def _contender(name: str) -> str:
    return look_up(
        name, {each: each for each in CONTENDERS}, _("there is no optimizer '{name}' in the race", name=name)
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
    names = tuple(dict.fromkeys(map(_contender, names))) or tuple(CONTENDERS)
    rates = {_contender(name): rate for name, rate in rates.items()}
    for name in rates:
        if name not in names:
            raise UsageError(
                _("a rate is given for '{name}', which is not in the race", name=name),
                expected=_("one of {names}", names=", ".join(names)),
            )
    for name in overrides:
        if find_setting(name).name in OPTIMIZER_SETTINGS:
            raise UsageError(
                _("'{name}' is what distinguishes the optimizers in a race", name=name),
                expected=_("names of optimizers, and rates by name"),
            )
    entries = {name: {**overrides, **CONTENDERS[name], "learning_rate": rates.get(name)} for name in names}
    return chosen, {name: resolve(chosen, entry)[0] for name, entry in entries.items()}


def _run(name: str, stage: Stage, settings: Settings, dataset: Dataset, target: float, listener: Listener) -> Contender:
    announce_import(listener)
    from kerasnn.study.step_sizes import StepSizeRecorder  # loads TensorFlow

    recorder = StepSizeRecorder()
    full = replace(settings, patience=None)  # in a race nobody stops early
    training = train_whole(stage, full, dataset, Conduct(listener, [recorder])).training
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
