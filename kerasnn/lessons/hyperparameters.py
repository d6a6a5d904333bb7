"""What is chosen and what is learnt; and one choice, the learning rate, tried out."""

from functools import partial
from typing import Final

import numpy as np

from kerasnn.language import N_, _
from kerasnn.lecture.hyperparameters import SETTABLE, Settings, format_value
from kerasnn.lecture.optimizers import RMSprop
from kerasnn.lessons.context import Context
from kerasnn.lessons.learning import evaluate, fit, hold_out, initial_weights
from kerasnn.lessons.parameters import count
from kerasnn.lessons.parts import check, lines, section, series, table
from kerasnn.lessons.trace import stored_arrays
from kerasnn.records import Explanation, Section
from kerasnn.runs.find_model import read_card

RATES: Final = (1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0)
IMAGES: Final = 2500

ANSWER: Final = N_(
    "The kind, the number and the size of the layers change it, and --batch-norm adds four for each value it "
    "normalises. "
    "Activation, dropout, optimizer, learning rate, batch size and epochs do not: they change the values of the "
    "parameters, not how many there are. (Here the best of the "
    "learning rates tried was {best:g}, with the same {count:,} parameters as the worst.)"
)
CHOSEN: Final = N_(
    "Training '{name}' learnt {count:,} parameters. The following were chosen beforehand, each by a flag of 'kerasnn "
    "train':"
)
RATES_TRIED: Final = N_(
    "One Dense layer with softmax is trained with RMSprop for one epoch on {count:,} images of {dataset}, and "
    "evaluated on {judge} others. With too small a rate it hardly moves; with too large a rate it jumps past the "
    "minimum."
)


def explain(context: Context) -> Explanation:
    """Explain hyperparameters. Source: lecture, "hyperparameters"."""
    tried, best = _rates(context)
    return context.explained(
        _chosen(context),
        tried,
        question=_("Which hyperparameters change the number of parameters, and which do not?"),
        answer=_(ANSWER, best=best, count=count(context.classifier.input_size, (), context.classifier.classes)),
        on_image=False,
    )


def _chosen(context: Context) -> Section:
    stored = sum(array.size for own in stored_arrays(context.classifier) for array in own)
    learnt = context.classifier.summary(context.found.name).parameters.trainable
    recorded = context.found.card.get("settings")
    settings = read_card(context.found, Settings, recorded) if recorded is not None else None
    expected = (_("parameters that follow from the layers chosen"), context.classifier.parameters)
    return section(
        _("Chosen before, learnt after"),
        _(CHOSEN, name=context.found.name, count=learnt),
        table(
            _("Hyperparameters"),
            (_("what"), _("flag"), _("this model")),
            (  # the text of the help, without its full stop
                (_(row.help, names=row.names).rstrip("."), row.flag, format_value(getattr(settings, row.name, None)))
                for row in SETTABLE.values()
            ),
        ),
        check("parameters-learnt", (_("parameters in the model's file"), stored), expected),
        _(
            "The kind of layer is a hyperparameter too; in this lecture only Dense layers learn, in the next one "
            "convolutions do."
        ),
        _("'kerasnn tune' trains combinations of them and ranks these by validation loss."),
    )


def _rates(context: Context) -> tuple[Section, float]:
    """Train with each of RATES. Return the section, and the rate with the lowest loss."""
    train, test = hold_out(context.images.learning(IMAGES))
    # one start for all rates, so that only the rate differs
    start = initial_weights((train.inputs.shape[1], len(context.names)), seed=42)
    scores = [evaluate(fit(start, train, partial(RMSprop, rate)).weights, test) for rate in RATES]
    best = RATES[int(np.argmin([loss for loss, _accuracy in scores]))]
    drawn = series(_("accuracy"), np.log10(RATES), [accuracy for _loss, accuracy in scores])
    axes = (_("log10 of the rate"), _("accuracy"))
    tried = section(
        _("One of them tried out: the learning rate"),
        _(RATES_TRIED, count=len(train.labels), dataset=context.images.name, judge=len(test.labels)),
        table(
            _("The same start, the same batches"),
            (_("learning rate"), _("loss"), _("accuracy")),
            ((f"{rate:g}", *score) for rate, score in zip(RATES, scores, strict=True)),
            note=_("where steps are too large, rounding decides even the first digits"),
        ),
        lines("rates", _("Accuracy by learning rate"), axes, drawn, marked=float(np.log10(best))),
    )
    return tried, best
