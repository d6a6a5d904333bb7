"""What is chosen and what is learnt; and one choice, the learning rate, tried out."""

from functools import partial

import numpy as np

from kerasnn.language import _
from kerasnn.lecture.hyperparameters import SETTABLE, format_value
from kerasnn.lecture.optimizers import RMSprop
from kerasnn.lessons.check import check
from kerasnn.lessons.context import Context
from kerasnn.lessons.drawing import lines, series
from kerasnn.lessons.history import settings_of
from kerasnn.lessons.learning import fresh_weights, judged, learn, parted
from kerasnn.records import Explanation, Grid, Section

RATES = (1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0)
IMAGES = 2500


def explain(context: Context) -> Explanation:
    """Source: lecture, "hyperparameters"."""
    section, best = _rates(context)
    return context.explained(
        _chosen(context),
        section,
        question=_("Which hyperparameters change the number of parameters, and which do not?"),
        answer=_(
            "Only the number and size of the hidden layers do. Activation, dropout, optimizer, learning rate, batch "
            "size and epochs leave it: they change what the parameters become, not how many there are. (Here the "
            "best learning rate of those tried was {best:g}, with the same {count:,} parameters as the worst.)",
            best=best,
            count=context.classifier.input_size * context.classifier.classes + context.classifier.classes,
        ),
        on_image=False,
    )


def _chosen(context: Context) -> Section:
    told = settings_of(context.found)
    rows = tuple(
        (
            _(row.help, names=row.names).rstrip("."),
            row.flag,
            format_value(getattr(told, row.name, None)),
        )
        for row in SETTABLE.values()
    )
    learnt = sum(layer.kernel.size + layer.bias.size for layer in context.layers)
    return Section(
        _("Chosen before, learnt after"),
        sentences=(
            _(
                "Training of '{name}' learnt {count:,} parameters. These it was told, each by a flag of 'kerasnn "
                "train':",
                name=context.found.name,
                count=learnt,
            ),
        ),
        grids=(Grid(_("Hyperparameters"), (_("what"), _("flag"), _("this model")), rows),),
        checks=(
            check(
                "parameters-learnt",
                (_("parameters in the model's file"), float(learnt)),
                (_("parameters that follow from the layers chosen"), float(context.classifier.parameters)),
            ),
        ),
        remarks=(
            _("The kind of layer is a hyperparameter too; this lecture has only Dense, the next has convolutions."),
            _("'kerasnn tune' trains combinations of them, and ranks these by the validation loss."),
        ),
    )


def _rates(context: Context) -> tuple[Section, float]:
    lesson, judge = parted(context.images.learning(IMAGES))
    start = fresh_weights((lesson.inputs.shape[1], len(context.names)), seed=42)
    scores = [judged(learn(start, lesson, partial(RMSprop, rate)).weights, judge) for rate in RATES]
    best = RATES[int(np.argmin([loss for loss, _accuracy in scores]))]
    return (
        Section(
            _("One of them tried out: the learning rate"),
            sentences=(
                _(
                    "One Dense layer with softmax, one epoch of RMSprop on {count:,} images of {dataset}, judged on "
                    "{judge} others. Too small, and it hardly moves; too large, and it leaps over what it looks for.",
                    count=len(lesson.labels),
                    dataset=context.images.name,
                    judge=len(judge.labels),
                ),
            ),
            grids=(
                Grid(
                    _("The same start, the same batches"),
                    (_("learning rate"), _("loss"), _("accuracy")),
                    tuple((f"{rate:g}", *score) for rate, score in zip(RATES, scores, strict=True)),
                ),
            ),
            pictures=(
                lines(
                    "rates",
                    _("Accuracy by learning rate"),
                    (_("log10 of the rate"), _("accuracy")),
                    series(_("accuracy"), np.log10(RATES), [accuracy for _loss, accuracy in scores]),
                    marked=float(np.log10(best)),
                ),
            ),
        ),
        best,
    )
