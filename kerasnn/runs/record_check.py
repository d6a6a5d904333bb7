"""Compare what a model's record says with what can be measured: the images and the scores."""

from collections.abc import Mapping
from dataclasses import replace
from math import isclose, sqrt
from typing import Any, Final

from kerasnn.data.dataset import Dataset
from kerasnn.networks.classifier import Classifier
from kerasnn.networks.evaluation import evaluate, score
from kerasnn.networks.files.open import open_classifier
from kerasnn.records import DatasetInfo, Evaluation, Note, Scores
from kerasnn.records.codes import Code
from kerasnn.records.serialize import restore
from kerasnn.runs.find_model import FoundModel

DIFFERS: Final = {
    "training": Code.TRAINING_DIFFERS,
    "validation": Code.VALIDATION_DIFFERS,
    "test": Code.TEST_DIFFERS,
}
# The same model on the same images: losses agree to about 1e-7, and an image in a tie may get another answer.
LOSS_ROUNDING: Final = 1e-4  # relative
ACCURACY_ROUNDING: Final = 5e-4
DIGITS: Final = 12  # of a sha256, to show
# Fashion-MNIST's test images are harder than its others: 0.006 to 0.013 for the lecture's stages
HARDER: Final = 0.015
UNLIKELY: Final = 3.72  # deviations; a normal value is that large once in 10,000 times


def score_problems(record: Mapping[str, Any], measured: Mapping[str, Scores]) -> tuple[Note, ...]:
    """Return a note for each part of the data, `training`, `validation` or `test`, whose recorded scores are wrong."""
    return tuple(
        Note(DIFFERS[part], {"recorded_loss": recorded.loss, "recorded_accuracy": recorded.accuracy, **vars(scores)})
        for part, scores in measured.items()
        if (recorded := _scores(record.get(part))) is not None and not _agree(recorded, scores)
    )


def _scores(value: Any) -> Scores | None:
    try:
        return restore(Scores, value)
    except ValueError:
        return None


def _agree(recorded: Scores, measured: Scores) -> bool:
    losses = isclose(recorded.loss, measured.loss, rel_tol=LOSS_ROUNDING, abs_tol=LOSS_ROUNDING**2)
    return losses and abs(recorded.accuracy - measured.accuracy) <= ACCURACY_ROUNDING


def data_problems(record: Mapping[str, Any], data: DatasetInfo) -> tuple[Note, ...]:
    """Return a note if `data` are not the images in the record; nothing if the record does not say."""
    own = record.get("dataset")
    if not isinstance(own, Mapping) or not isinstance(own.get("sha256"), str) or own["sha256"] == data.sha256:
        return ()
    values = {"dataset": data.argument, "before": own["sha256"][:DIGITS], "now": data.sha256[:DIGITS]}
    if own.get("location") == data.location:
        return (Note(Code.DATA_CHANGED, values),)
    return (Note(Code.OTHER_DATA, {**values, "learnt_from": str(own.get("name"))}),)


def measure_again(found: FoundModel, data: Dataset) -> dict[str, Scores]:
    """Return the scores of `found` on each part of `data`, the images it learnt from, measured now."""
    model = open_classifier(found.path)
    parts = {"training": data.train, "validation": data.validation, "test": data.test}
    return {name: score(model, part) for name, part in parts.items()}


def checked_evaluation(found: FoundModel, classifier: Classifier, data: Dataset, *, named: bool) -> Evaluation:
    """Evaluate a model, and add to the notes what that shows about its record or its origin.

    `named`: the user named the data, and with it the classes. Raises: as `evaluate`.
    """
    evaluation = evaluate(classifier, data, model=found.name, path=str(found.path))
    record, problems = found.card, found.problems
    others = data_problems(record, data.info)
    if not isinstance(record.get("dataset"), Mapping):
        assumed = not named and found.listed_names is None
        problems += (Note(Code.ASSUMED_CLASSES, {"dataset": data.info.name}),) if assumed else ()
        problems += _doubts(evaluation, classifier, data)
    elif others:
        problems += (*others, *_doubts(evaluation, classifier, data))
    else:
        problems += score_problems(record, {"validation": evaluation.validation, "test": evaluation.test})
    return replace(evaluation, notes=(*evaluation.notes, *problems))


def _doubts(evaluation: Evaluation, classifier: Classifier, images: Dataset) -> tuple[Note, ...]:
    """Return what the scores of a model say that did not learn from this data set, as far as is known."""
    data, validation, test = evaluation.dataset, evaluation.validation.accuracy, evaluation.test.accuracy
    guessing = max(each.support for each in evaluation.classes) / data.test
    enough = guessing + (1 - guessing) / 10
    if test < enough:
        other = _on_other_pixels(classifier, images)
        if other is not None and other.values["other"] >= enough:
            return (replace(other, values={"accuracy": test, **other.values}),)
        return (Note(Code.NEAR_CHANCE, {"accuracy": test, "dataset": data.name}),)
    pooled = (validation * data.validation + test * data.test) / (data.validation + data.test)
    deviation = sqrt(pooled * (1 - pooled) * (1 / data.validation + 1 / data.test))
    if validation - test > HARDER + UNLIKELY * deviation:
        return (Note(Code.VALIDATION_SEEN, {"validation": validation, "test": test}),)
    return ()


def _on_other_pixels(classifier: Classifier, data: Dataset) -> Note | None:
    """Return how a model scores if it is given pixels from 0 to 255 instead of 0 to 1, or the reverse."""
    change: Any = getattr(classifier, "on_other_pixels", None)
    if change is None:
        return None
    other = change()
    brightest, scale = (255, "255") if other.scales_pixels else (1, "1 / 255")
    return Note(Code.OTHER_PIXELS, {"other": score(other, data.test).accuracy, "brightest": brightest, "scale": scale})
