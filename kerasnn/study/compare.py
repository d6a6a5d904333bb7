"""Compare scikit-learn's SGDClassifier with one Keras Dense layer on the same split."""

import statistics
from collections.abc import Sequence
from pathlib import Path

from kerasnn.data.dataset import Dataset
from kerasnn.data.load import AUTO, load_data
from kerasnn.language import _
from kerasnn.lecture.hyperparameters import SEED
from kerasnn.lecture.settings import resolve
from kerasnn.lecture.stages import STAGE_BY_NAME, Stage
from kerasnn.networks.evaluation import score
from kerasnn.records import Comparison, ComparisonRow, Listener, Note, Notice, ignore
from kerasnn.training.baseline import cross_validated
from kerasnn.training.train import train_whole


def compare_sklearn(
    *,
    dataset: str | Path | Dataset = AUTO,
    data_dir: str | Path | None = None,
    seeds: Sequence[int] = (SEED,),
    epochs: int | None = None,
    folds: int | None = None,
    listener: Listener = ignore,
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
        settings, _changed = resolve(STAGE_BY_NAME["sgd"], {"seed": seeds[0], "epochs": epochs})
        listener(
            Notice(_("Cross-validating SGDClassifier in {folds} folds: {folds} trainings on all images", folds=folds))
        )
        rows.insert(1, cross_validated(settings, data, folds))
    return Comparison(data.info, tuple(rows), tuple(notes))


def _row(
    stage: Stage, title: str, dataset: Dataset, seeds: Sequence[int], epochs: int | None, listener: Listener
) -> tuple[ComparisonRow, list[Note]]:
    trainings = []
    for seed in seeds:
        settings, _changed = resolve(stage, {"seed": seed, "epochs": epochs})
        listener(Notice(_("Training {title}, seed {seed}", title=title, seed=seed)))
        trainings.append(train_whole(stage, settings, dataset, listener=listener))
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
