"""A history read: the best epoch, the gap, and why the loss tells more than the accuracy."""

import numpy as np

from kerasnn.errors import UsageError
from kerasnn.language import _
from kerasnn.lessons.check import check
from kerasnn.lessons.context import Context
from kerasnn.lessons.drawing import lines
from kerasnn.lessons.history import curve, history_of
from kerasnn.networks.classifier import Classifier, in_batches
from kerasnn.networks.files.open import open_classifier
from kerasnn.records import Cell, CurveReading, Epoch, Explanation, Grid, Section
from kerasnn.runs.find_model import find_model
from kerasnn.training.reading import read_curves

COMPARED = ("adam", "overfit", "dropout", "early-stopping")
SURE = 0.9


def explain(context: Context) -> Explanation:
    """Source: lecture, "over- and underfitting"."""
    history = history_of(context.found)
    reading = read_curves(history)
    if reading is None:
        raise UsageError(
            _("nothing is known of how '{name}' was trained, epoch by epoch", name=context.found.name),
            expected=_("--model of a run or of a stage trained by epochs, as 'overfit'"),
        )
    by_accuracy = max(history, key=lambda line: line.val_accuracy)
    sections = [_curves(history, reading), _disagreements(history, reading), _confidence(context)]
    if context.model_name is None:
        sections.append(_remedies())
    return context.explained(
        *sections,
        question=_(
            "Which epoch of '{name}' would you keep: the one with the lowest validation loss, or the one with the "
            "highest validation accuracy?",
            name=context.found.name,
        ),
        answer=_(
            "By the loss epoch {by_loss}, by the accuracy epoch {by_accuracy} ({accuracy:.4f}). Keep the first: "
            "accuracy only counts which side of a line an answer falls on and hops by chance, while the loss also "
            "weighs how sure the network was. EarlyStopping watches val_loss unless it is told otherwise.",
            by_loss=reading.best_epoch,
            by_accuracy=by_accuracy.epoch,
            accuracy=by_accuracy.val_accuracy,
        ),
        on_image=False,
    )


def _curves(history: tuple[Epoch, ...], reading: CurveReading) -> Section:
    best = next(line for line in history if line.epoch == reading.best_epoch)
    last = history[-1]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (name, line.epoch, line.loss, line.val_loss, line.val_loss - line.loss, line.accuracy, line.val_accuracy)
        for name, line in ((_("first"), history[0]), (_("best"), best), (_("last"), last))
    )
    verdicts = {
        "overfitting": _(
            "Overfitting: after epoch {best} the validation loss rose by {rise:.1%} while the training loss fell on.",
            best=reading.best_epoch,
            rise=reading.rise,
        ),
        "underfitting": _("Underfitting: the last epoch was the best, more epochs may bring more."),
        "balanced": _(
            "Balanced: since epoch {best} the validation loss has hardly risen ({rise:.1%}).",
            best=reading.best_epoch,
            rise=max(reading.rise, 0),
        ),
    }
    return Section(
        _("The curves of this training"),
        sentences=(verdicts[reading.verdict],),
        grids=(
            Grid(
                _("Epoch by epoch"),
                (
                    "",
                    _("epoch"),
                    _("training\nloss"),
                    _("validation\nloss"),
                    _("gap"),
                    _("training\naccuracy"),
                    _("validation\naccuracy"),
                ),
                rows,
                note=_("training: running mean during the epoch, dropout on; validation: after it, dropout off"),
            ),
        ),
        checks=(
            check(
                "best",
                (_("validation loss of epoch {best}", best=reading.best_epoch), best.val_loss),
                (_("the lowest of all epochs"), min(line.val_loss for line in history)),
            ),
            check(
                "gap",
                (_("validation loss minus training loss at the end"), last.val_loss - last.loss),
                (_("the gap the program reports"), reading.gap),
            ),
        ),
        pictures=(
            lines(
                "losses",
                _("Loss by epoch; the best epoch is marked"),
                (_("epoch"), _("loss")),
                curve(_("training"), history, "loss"),
                curve(_("validation"), history, "val_loss"),
                marked=float(reading.best_epoch),
            ),
        ),
    )


def _disagreements(history: tuple[Epoch, ...], reading: CurveReading) -> Section:
    by_number = {line.epoch: line for line in history}
    rows = tuple(
        (
            number,
            by_number[number].val_loss - by_number[number - 1].val_loss,
            by_number[number].val_accuracy - by_number[number - 1].val_accuracy,
            _("loss: worse, accuracy: better")
            if by_number[number].val_loss > by_number[number - 1].val_loss
            else _("loss: better, accuracy: worse"),
        )
        for number in reading.disagreements
    )
    sentence = _(
        "In {count} of {steps} steps from epoch to epoch the two say opposite things.",
        count=len(rows),
        steps=len(history) - 1,
    )
    grids = (
        Grid(_("Where they disagree"), (_("epoch"), _("change of loss"), _("change of accuracy"), _("verdict")), rows),
    )
    return Section(
        _("Loss and accuracy can disagree"),
        sentences=(sentence,),
        grids=grids if rows else (),
        pictures=(
            lines(
                "accuracies",
                _("Accuracy by epoch"),
                (_("epoch"), _("accuracy")),
                curve(_("training"), history, "accuracy"),
                curve(_("validation"), history, "val_accuracy"),
                marked=float(reading.best_epoch),
            ),
        ),
    )


def _confidence(context: Context) -> Section:
    """Why the loss may rise while accuracy stays: wrong answers grow surer."""
    models: dict[str, Classifier] = {context.found.name: context.classifier}
    if context.classifier.input_size == 784 and context.classifier.classes == 10:
        for stage in ("adam", "dropout"):
            models.setdefault(stage, open_classifier(find_model(stage).path))
    rows = tuple((name, *_on_test(context, model)) for name, model in models.items())
    return Section(
        _("Why the loss knows more"),
        sentences=(
            _(
                "Accuracy counts an answer as right or wrong. The loss is -log of the probability given to the "
                "right class, so being sure and wrong costs most. A network that has learnt its training images by "
                "heart is too sure."
            ),
        ),
        grids=(
            Grid(
                _("On the {count:,} test images", count=len(context.test)),
                (_("model"), _("loss"), _("accuracy"), _("sure and\nwrong"), _("mean probability\nof wrong answers")),
                rows,
                note=_(
                    "sure and wrong: share of all images answered wrongly with a probability above {sure}", sure=SURE
                ),
            ),
        ),
    )


def _on_test(context: Context, model: Classifier) -> tuple[float, float, float, float]:
    logarithms = in_batches(context.test.images, model).astype(np.float64)
    labels = context.test.labels
    answers, surety = logarithms.argmax(axis=1), np.exp(logarithms.max(axis=1))
    wrong = answers != labels
    loss = -logarithms[np.arange(len(labels)), labels].mean()
    return (
        float(loss),
        float(1 - wrong.mean()),
        float((wrong & (surety > SURE)).mean()),
        float(surety[wrong].mean()) if wrong.any() else 0.0,
    )


def _remedies() -> Section:
    rows: list[tuple[Cell, ...]] = []
    curves = []
    for stage in COMPARED:
        found = find_model(stage)
        card, history = found.card, history_of(found)
        rows.append(
            (
                stage,
                len(history),
                float(card["training"]["loss"]),
                float(card["validation"]["loss"]),
                float(card["validation"]["loss"] - card["training"]["loss"]),
                float(card["validation"]["accuracy"]),
            )
        )
        if len(history) > 5:
            curves.append(curve(stage, history, "val_loss"))
    return Section(
        _("Against overfitting: dropout and early stopping"),
        grids=(
            Grid(
                _("Reference models on the real data, seed 42, dropout off"),
                (
                    _("stage"),
                    _("epochs"),
                    _("training\nloss"),
                    _("validation\nloss"),
                    _("gap"),
                    _("validation\naccuracy"),
                ),
                tuple(rows),
            ),
        ),
        pictures=(lines("remedies", _("Validation loss by epoch"), (_("epoch"), _("loss")), *curves),),
    )
