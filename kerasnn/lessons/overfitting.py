"""A training history: the best epoch, the gap, and why the loss tells more than the accuracy."""

from dataclasses import replace
from itertools import pairwise
from typing import Final

import numpy as np

from kerasnn.errors import UsageError
from kerasnn.language import N_, _
from kerasnn.lessons.context import Context
from kerasnn.lessons.parts import check, curve, lines, section, table
from kerasnn.lessons.reported_run import run_of
from kerasnn.lessons.trace import history_of
from kerasnn.networks.classifier import Classifier, in_batches
from kerasnn.networks.files.open import open_classifier
from kerasnn.records import CurveReading, Epoch, Explanation, Run, Section, Series
from kerasnn.records.data import FASHION_MNIST
from kerasnn.records.reading import told_by_curves
from kerasnn.runs.find_model import find_model

COMPARED: Final = ("adam", "overfit", "dropout", "early-stopping")
SURE: Final = 0.9

QUESTION: Final = N_(
    "Which epoch of '{name}' would you keep: the one with the lowest validation loss, or the one with the highest "
    "validation accuracy?"
)
ANSWER: Final = N_(
    "By the loss epoch {by_loss}, by the accuracy epoch {by_accuracy} ({accuracy:.4f}). Keep the first: accuracy only "
    "counts which side of a line an answer falls on and jumps by chance, while the loss also weighs how sure the "
    "network was. EarlyStopping watches val_loss unless you tell it otherwise."
)
SAME_EPOCH: Final = N_(
    "Here both are epoch {by_loss}. Where they differ, keep the one with the lowest loss: accuracy only counts which "
    "side of a line an answer falls on and jumps by chance, while the loss also weighs how sure the network was. "
    "EarlyStopping watches val_loss unless you tell it otherwise."
)
DISAGREE: Final = N_("In {count} of {steps} steps from epoch to epoch the two disagree.")
AGREE: Final = N_("In none of the {steps} steps from epoch to epoch do the two disagree.")
CONFIDENCE: Final = N_(
    "Accuracy counts an answer as right or wrong. The loss is -log of the probability given to the right class, so "
    "being sure and wrong costs most. A network that has learnt its training images by heart is too sure."
)


def explain(context: Context) -> Explanation:
    """Explain overfitting by the history of a training. Source: lecture, "over- and underfitting"."""
    history = history_of(context.found)
    run = run_of(context.found) if history else None
    if run is None or run.reading is None:
        raise UsageError(
            _("it is not known how '{name}' was trained, epoch by epoch", name=context.found.name),
            expected=_("--model with a run or a stage that is trained in epochs, such as 'overfit'"),
        )
    reading = run.reading
    sections = [_curves(run, reading), _disagreements(history, reading), _confidence(context)]
    if context.model_name is None:
        sections.append(_remedies())
    by_accuracy = max(history, key=lambda line: line.val_accuracy)
    says = SAME_EPOCH if by_accuracy.epoch == reading.best_epoch else ANSWER
    return context.explained(
        *sections,
        question=_(QUESTION, name=context.found.name),
        answer=_(says, by_loss=reading.best_epoch, by_accuracy=by_accuracy.epoch, accuracy=by_accuracy.val_accuracy),
        on_image=False,
    )


def _curves(run: Run, reading: CurveReading) -> Section:
    history = run.history
    best, last = history[reading.best_epoch - 1], history[-1]  # epochs count from 1
    best_loss = (_("validation loss of epoch {best}", best=best.epoch), best.val_loss)
    gap = (_("validation loss minus training loss at the end"), round(last.val_loss, 4) - round(last.loss, 4))
    accuracies = (_("training\naccuracy"), _("validation\naccuracy"))
    title = _("Loss by epoch; the best epoch is marked")
    return section(
        _("The curves of this training"),
        *told_by_curves(replace(reading, disagreements=())),  # these have a section of their own
        table(
            _("Epoch by epoch"),
            ("", _("epoch"), *_loss_columns(), *accuracies),
            (
                (name, e.epoch, e.loss, e.val_loss, e.val_loss - e.loss, e.accuracy, e.val_accuracy)
                for name, e in ((_("first"), history[0]), (_("best"), best), (_("last"), last))
            ),
            note=_("training: running mean during the epoch, dropout on; validation: after it, dropout off")
            if run.settings.dropout
            else _("training: running mean during the epoch; validation: after it"),
        ),
        check("best", best_loss, (_("the lowest of all epochs"), min(line.val_loss for line in history))),
        check("gap", gap, (_("the gap the program reports"), reading.gap)),
        lines("losses", title, (_("epoch"), _("loss")), *_both(history, "loss"), marked=float(best.epoch)),
    )


def _loss_columns() -> tuple[str, str, str]:
    return _("training\nloss"), _("validation\nloss"), _("gap")


def _both(history: tuple[Epoch, ...], metric: str) -> tuple[Series, Series]:
    return curve(_("training"), history, metric), curve(_("validation"), history, f"val_{metric}")


def _disagreements(history: tuple[Epoch, ...], reading: CurveReading) -> Section:
    changes = {
        now.epoch: (now.val_loss - before.val_loss, now.val_accuracy - before.val_accuracy)
        for before, now in pairwise(history)
    }
    worse, better = _("loss: worse, accuracy: better"), _("loss: better, accuracy: worse")
    rows = [(epoch, *changes[epoch], worse if changes[epoch][0] > 0 else better) for epoch in reading.disagreements]
    columns = (_("epoch"), _("change of loss"), _("change of accuracy"), _("verdict"))
    axes = (_("epoch"), _("accuracy"))
    return section(
        _("Loss and accuracy can disagree"),
        _(DISAGREE if rows else AGREE, count=len(rows), steps=len(changes)),
        *([table(_("Where they disagree"), columns, rows)] if rows else []),
        lines(
            "accuracies", _("Accuracy by epoch"), axes, *_both(history, "accuracy"), marked=float(reading.best_epoch)
        ),
    )


def _confidence(context: Context) -> Section:
    """Show why the loss may rise while the accuracy stays: wrong answers become surer."""
    models: dict[str, Classifier] = {context.found.name: context.classifier}
    # the reference models learnt from Fashion-MNIST, so they would look bad beside a network of other images
    if context.model_name is None or context.found.dataset == FASHION_MNIST:
        for stage in ("adam", "dropout"):
            models.setdefault(stage, open_classifier(find_model(stage).path))
    return section(
        _("Why the loss knows more"),
        _(CONFIDENCE),
        table(
            _("On the {count:,} test images", count=len(context.test)),
            (_("model"), _("loss"), _("accuracy"), _("sure and\nwrong"), _("mean probability\nof wrong answers")),
            ((name, *_on_test(context, model)) for name, model in models.items()),
            note=_("sure and wrong: share of images answered wrongly with a probability above {sure}", sure=SURE),
        ),
    )


def _on_test(context: Context, model: Classifier) -> tuple[float, float, float, float]:
    """Return loss, accuracy, the share of sure and wrong answers, and the mean probability of wrong answers."""
    logarithms = in_batches(context.test.images, model).astype(np.float64)  # shape (images, classes)
    labels = context.test.labels
    answers, probabilities = logarithms.argmax(axis=1), np.exp(logarithms.max(axis=1))
    wrong = answers != labels
    return (
        float(-logarithms[np.arange(len(labels)), labels].mean()),
        float(1 - wrong.mean()),
        float((wrong & (probabilities > SURE)).mean()),
        float(probabilities[wrong].mean()) if wrong.any() else 0.0,
    )


def _remedies() -> Section:
    histories, rows = {}, []
    for stage in COMPARED:
        found = find_model(stage)
        histories[stage] = history_of(found)
        training, validation = found.card["training"], found.card["validation"]
        loss, val_loss = float(training["loss"]), float(validation["loss"])
        rows.append(
            (
                stage,
                len(histories[stage]),
                found.card["kept_epoch"],
                loss,
                val_loss,
                val_loss - loss,
                float(validation["accuracy"]),
            )
        )
    columns = (_("stage"), _("epochs"), _("epoch\nsaved"), *_loss_columns(), _("validation\naccuracy"))
    # a curve of five epochs would be lost among those of twenty
    long = [curve(stage, history, "val_loss") for stage, history in histories.items() if len(history) > 5]
    return section(
        _("Against overfitting: dropout and early stopping"),
        table(_("Reference models on the real data, seed 42; measured with dropout off"), columns, rows),
        lines("remedies", _("Validation loss by epoch"), (_("epoch"), _("loss")), *long),
    )
