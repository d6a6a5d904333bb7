"""Dropout on one image: the mask, the scaling that the slides leave out, five passes, and prediction."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.language import N_, _
from kerasnn.lessons.context import Context
from kerasnn.lessons.parts import bars, check, grey_images, section, table
from kerasnn.lessons.trace import trace
from kerasnn.networks.classifier import Reals
from kerasnn.records import Explanation, Section

SEED: Final = 42
PASSES: Final = 5
MASKS: Final = 2000
USUAL_RATE: Final = 0.3
ACROSS: Final = 20  # units in a row of a picture

QUESTION: Final = N_(
    "For this image only {active} hidden units put out more than 0. How many networks that compute something "
    "else on it can dropout make of this one?"
)
ANSWER: Final = N_(
    "Each of the {active} units is in or out: 2^{active} = {count:.1e} networks, all with the same weights. Two masks "
    "leave the same one with a probability of {same:.1e}. That is the 'ensemble' of the slide; unlike in a real "
    "ensemble these networks are not trained to the end one by one, and prediction uses one network, not their vote."
)
UNTRAINED: Final = N_(
    "The last hidden layer of '{name}' was trained without dropout; it is shown with a rate of {rate:.0%}."
)
MASK: Final = N_(
    "Each unit is dropped with a probability of {rate:.0%}, independently of the others. This time {share:.0%} were; "
    "in about 19 of 20 cases chance keeps it between {low:.0%} and {high:.0%}. The shape stays ({count},)."
)
SCALING: Final = N_(
    "With {rate:.0%} of the units dropped, their sum would be {rate:.0%} smaller on average than in prediction, when "
    "no unit is dropped. So while training Keras multiplies the units that stay by 1 / (1 - {p:g}) = {factor:.4f}: the "
    "mean stays, but the sums of single masks vary."
)


@dataclass(frozen=True)
class _Dropout:
    """Dropout after a layer. `outputs`: float32 of shape (units,). `masks`: of shape (MASKS, units), True if kept."""

    outputs: Reals
    masks: NDArray[np.bool_]
    rate: float

    def scaled(self, mask: NDArray[np.bool_]) -> Reals:
        """Return what Keras' Dropout passes on while training: units in `mask` scaled up, the others 0."""
        scaled: Reals = np.where(mask, self.outputs / np.float32(1 - self.rate), np.float32(0))
        return scaled


def explain(context: Context) -> Explanation:
    """Explain dropout on the last hidden layer. Source: lecture, "dropout"."""
    rate = context.hidden.dropout or USUAL_RATE
    outputs = context.traces[-2].outputs[0]
    dropout = _Dropout(outputs, np.random.default_rng(SEED).random((MASKS, len(outputs))) >= rate, rate)
    active = int(np.count_nonzero(outputs))
    notes = () if context.hidden.dropout else (_(UNTRAINED, name=context.found.name, rate=rate),)
    return context.explained(
        _mask(dropout),
        _scaling(dropout),
        _passes(context, dropout),
        _prediction(context),
        question=_(QUESTION, active=active),
        # Decimal: 2^1024 is too large for a float
        answer=_(ANSWER, active=active, count=Decimal(2) ** active, same=Decimal(rate**2 + (1 - rate) ** 2) ** active),
        notes=notes,
    )


def _mask(dropout: _Dropout) -> Section:
    outputs, mask, rate = dropout.outputs, dropout.masks[0], dropout.rate
    after = dropout.scaled(mask)
    likely = 2 * float(np.sqrt(rate * (1 - rate) / len(mask)))  # two standard errors: 19 of 20 cases
    interval = {"low": max(0.0, rate - likely), "high": rate + likely}
    high = float(max(after.max(), outputs.max())) or 1.0
    captions = ((_("before"), outputs), (_("after"), after))
    title = _("Hidden outputs, {across} in a row, before and after the mask", across=ACROSS)
    of_mask = _("The mask: white stays, black is dropped")
    dropped = (_("outputs that the mask drops"), after[~mask])
    return section(
        _("The mask on this image's {count} hidden outputs", count=len(outputs)),
        _(MASK, rate=rate, share=float(1 - mask.mean()), count=len(outputs), **interval),
        table(
            _("The largest of them"),
            (_("unit"), _("output"), _("mask"), _("passed on while training")),
            ((i, outputs[i], int(mask[i]), after[i]) for i in np.argsort(-outputs, kind="stable")[:6]),
        ),
        check("zeros", dropped, ("0", np.zeros(int((~mask).sum()))), 0.0),
        check("shape", (_("values after dropout"), after.size), (_("values before"), outputs.size)),
        grey_images("mask", of_mask, [("", _rows(mask))], high=1),
        grey_images("outputs", title, [(text, _rows(values)) for text, values in captions], high=high, across=2),
    )


def _rows(values: NDArray[np.generic]) -> NDArray[np.float32]:
    """Arrange a layer's values in rows of ACROSS, and fill up the last with 0."""
    across = min(ACROSS, len(values))
    rows = -(-len(values) // across)  # rounded up
    return np.pad(values.astype(np.float32), (0, rows * across - len(values))).reshape(rows, across)


def _scaling(dropout: _Dropout) -> Section:
    """Show why Keras divides by 1 - rate: the sum then stays the same on average."""
    outputs, masks, rate = dropout.outputs, dropout.masks, dropout.rate
    total = float(outputs.sum(dtype=np.float64))
    scaled = np.array([dropout.scaled(mask).sum(dtype=np.float64) for mask in masks])  # shape (MASKS,)
    unscaled = np.array([np.where(mask, outputs, 0).sum(dtype=np.float64) for mask in masks])
    tolerance = 4 * float(scaled.std() / np.sqrt(len(masks))) + 1e-6  # four standard errors of the mean
    mean = (_("mean of the scaled sums"), scaled.mean())
    return section(
        _("What the slides leave out: 1 / (1 - p)"),
        _(SCALING, rate=rate, p=rate, factor=1 / (1 - rate)),
        table(
            _("The sum of the hidden outputs over {count:,} masks", count=len(masks)),
            ("", _("mean"), _("standard deviation")),
            (
                (_("without dropout"), total, 0.0),
                (_("dropped, not scaled"), unscaled.mean(), unscaled.std()),
                (_("dropped and scaled, as Keras does"), scaled.mean(), scaled.std()),
            ),
        ),
        check("mean-stays", mean, (_("sum without dropout"), total), tolerance),
        _("The mean is random too, so a difference of four standard errors is allowed."),
    )


def _passes(context: Context, dropout: _Dropout) -> Section:
    """Pass the same image through the network, five times and many times, with dropout after the last hidden layer."""
    dropped = np.stack([dropout.scaled(mask) for mask in dropout.masks])
    noisy = trace(context.layers[-1:], dropped)[-1].outputs  # probabilities, shape (MASKS, classes)
    prediction = context.traces[-1].outputs[0]
    likeliest = np.argsort(-prediction, kind="stable")[:3]
    answer = int(prediction.argmax())
    title = _("Probability of '{name}' in each pass", name=context.names[answer])
    names = [_("pass {number}", number=number + 1) for number in range(PASSES)]
    return section(
        _("Five passes while training: five results"),
        table(
            _("Probability of the three likeliest classes"),
            ("", *(context.names[label] for label in likeliest)),
            [
                *((name, *noisy[number, likeliest]) for number, name in enumerate(names)),
                (_("mean of {count:,} passes", count=len(noisy)), *(noisy[:, label].mean() for label in likeliest)),
                (_("prediction, dropout off"), *prediction[likeliest]),
            ],
        ),
        bars("passes", title, (*names, _("prediction")), (*noisy[:PASSES, answer], prediction[answer]), PASSES),
    )


def _prediction(context: Context) -> Section:
    """Predict twice: the results are the same, because Keras switches dropout off."""
    images = context.image[np.newaxis]
    first, second = (np.exp(context.classifier.log_probabilities(images))[0] for _time in range(2))
    all_units = (_("prediction with every hidden output as it is"), context.traces[-1].outputs[0])
    return section(
        _("Predicting: off"),
        _("You need not switch it off: Keras does so in predict and evaluate, and in the validation of fit."),
        check("predictions", (_("one prediction"), first), (_("another"), second), 0.0),
        check("all-units", all_units, (_("the model's prediction"), first)),
    )
