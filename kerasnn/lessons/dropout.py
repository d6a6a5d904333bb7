"""Dropout at work on one image: the mask, the scaling that the slides leave out, five passes, and prediction."""

import numpy as np
from numpy.typing import NDArray

from kerasnn.language import _
from kerasnn.lessons.check import check
from kerasnn.lessons.context import Context, trace
from kerasnn.lessons.drawing import grey_images
from kerasnn.networks.classifier import Reals
from kerasnn.records import BarsPicture, Cell, Explanation, Grid, Section

SEED = 42
PASSES = 5
MANY = 2000
USUAL_RATE = 0.3
ACROSS = 20  # units in a row of a picture


def explain(context: Context) -> Explanation:
    """Source: lecture, "dropout"."""
    rate = context.hidden.dropout or USUAL_RATE
    place = len(context.layers) - 2
    outputs = context.steps[place].outputs[0]
    masks = np.random.default_rng(SEED).random((MANY, len(outputs))) >= rate
    kept = int(np.count_nonzero(outputs))
    notes = (
        ()
        if context.hidden.dropout
        else (
            _(
                "'{name}' was trained without dropout; a share of {rate:.0%} is shown on it.",
                name=context.found.name,
                rate=rate,
            ),
        )
    )
    return context.explained(
        _mask(outputs, masks[0], rate),
        _scaling(outputs, masks, rate),
        _passes(context, masks, rate),
        _prediction(context),
        question=_(
            "How many different networks can dropout make of this one for this image, where {kept} hidden units are "
            "not 0 anyway?",
            kept=kept,
        ),
        answer=_(
            "Each of the {kept} units is in or out: 2^{kept} = {count:.1e} networks, all with the same weights. No "
            "two steps of a training are likely to see the same one. That is the 'ensemble' of the slide; unlike a "
            "real ensemble they are never trained to the end one by one, and prediction uses one network, not their "
            "vote.",
            kept=kept,
            count=2.0**kept,
        ),
        notes=notes,
    )


def dropped(outputs: Reals, mask: NDArray[np.bool_], rate: float) -> Reals:
    """What Keras' Dropout makes of `outputs` while training: those in `mask` scaled up, the others 0."""
    scaled: Reals = np.where(mask, outputs / np.float32(1 - rate), np.float32(0))
    return scaled


def _mask(outputs: Reals, mask: NDArray[np.bool_], rate: float) -> Section:
    after = dropped(outputs, mask, rate)
    share = float(1 - mask.mean())
    likely = 2 * float(np.sqrt(rate * (1 - rate) / len(mask)))
    high = float(max(after.max(), outputs.max())) or 1.0
    shown = [int(unit) for unit in np.argsort(-outputs, kind="stable")[:6]]
    return Section(
        _("The mask on this image's {count} hidden outputs", count=len(outputs)),
        sentences=(
            _(
                "Every unit is drawn by itself with a chance of {rate:.0%} to be dropped. This time {share:.0%} "
                "were; by chance alone it lies within {low:.0%} and {high:.0%} nineteen times of twenty. The shape "
                "stays ({count},).",
                rate=rate,
                share=share,
                low=max(0.0, rate - likely),
                high=rate + likely,
                count=len(outputs),
            ),
        ),
        grids=(
            Grid(
                _("The loudest of them"),
                (_("unit"), _("output"), _("mask"), _("passed on while training")),
                tuple((unit + 1, float(outputs[unit]), int(mask[unit]), float(after[unit])) for unit in shown),
            ),
        ),
        checks=(
            check("zeros", (_("outputs that the mask drops"), after[~mask]), ("0", np.zeros(int((~mask).sum()))), 0.0),
            check("shape", (_("values after dropout"), float(after.size)), (_("values before"), float(outputs.size))),
        ),
        pictures=(
            grey_images(
                "mask",
                _("Hidden outputs, {across} in a row: before, the mask, after", across=ACROSS),
                [
                    (_("before"), _rows(outputs)),
                    (_("mask"), _rows(mask * np.float32(high))),
                    (_("after"), _rows(after)),
                ],
                high=high,
                across=3,
            ),
        ),
    )


def _rows(values: NDArray[np.generic]) -> NDArray[np.float32]:
    """A layer's values as rows of ACROSS, the last filled up with 0."""
    across = min(ACROSS, len(values))
    rows = -(-len(values) // across)
    return np.pad(values.astype(np.float32), (0, rows * across - len(values))).reshape(rows, across)


def _scaling(outputs: Reals, masks: NDArray[np.bool_], rate: float) -> Section:
    """Why what stays is divided by 1 - rate: the sum stays the same on average."""
    total = float(outputs.sum(dtype=np.float64))
    with_scaling = np.array([dropped(outputs, mask, rate).sum(dtype=np.float64) for mask in masks])
    without = np.array([np.where(mask, outputs, 0).sum(dtype=np.float64) for mask in masks])
    error = float(with_scaling.std() / np.sqrt(len(masks)))
    return Section(
        _("What the slides leave out: 1 / (1 - p)"),
        sentences=(
            _(
                "With {rate:.0%} of the units gone the next layer would get sums that are {rate:.0%} too small, and "
                "be surprised when predicting brings them all back. So Keras multiplies what stays by 1 / (1 - "
                "{p:g}) = {factor:.4f}.",
                rate=rate,
                p=rate,
                factor=1 / (1 - rate),
            ),
        ),
        grids=(
            Grid(
                _("The sum of the hidden outputs over {count:,} masks", count=len(masks)),
                ("", _("mean"), _("standard deviation")),
                (
                    (_("without dropout"), total, 0.0),
                    (_("dropped, not scaled"), float(without.mean()), float(without.std())),
                    (_("dropped and scaled, as Keras does"), float(with_scaling.mean()), float(with_scaling.std())),
                ),
            ),
        ),
        checks=(
            check(
                "mean-stays",
                (_("mean of the scaled sums"), float(with_scaling.mean())),
                (_("sum without dropout"), total),
                4 * error + 1e-6,
            ),
        ),
        remarks=(_("The tolerance is four standard errors: the mean is drawn by chance, too."),),
    )


def _passes(context: Context, masks: NDArray[np.bool_], rate: float) -> Section:
    """The same image through the training network five times, and many times."""
    place = len(context.layers) - 2
    outputs = context.steps[place].outputs[0]
    noisy = trace(context.layers[place + 1 :], np.stack([dropped(outputs, mask, rate) for mask in masks]))[-1].outputs
    calm = context.steps[-1].outputs[0]
    classes = np.argsort(-calm, kind="stable")[:3]
    rows: list[tuple[Cell, ...]] = [
        (_("pass {number}", number=number + 1), *(float(noisy[number, label]) for label in classes))
        for number in range(PASSES)
    ]
    rows.append(
        (_("mean of {count:,} passes", count=len(masks)), *(float(noisy[:, label].mean()) for label in classes))
    )
    rows.append((_("prediction, dropout off"), *(float(calm[label]) for label in classes)))
    answer = int(calm.argmax())
    return Section(
        _("Five passes while training: five answers"),
        grids=(
            Grid(
                _("Probability of the three likeliest classes"),
                ("", *(context.names[int(label)] for label in classes)),
                tuple(rows),
            ),
        ),
        pictures=(
            BarsPicture(
                "passes",
                _("Probability of '{name}' in each pass", name=context.names[answer]),
                (*(_("pass {number}", number=number + 1) for number in range(PASSES)), _("prediction")),
                (*(float(noisy[number, answer]) for number in range(PASSES)), float(calm[answer])),
                (PASSES,),
            ),
        ),
    )


def _prediction(context: Context) -> Section:
    """Predicting twice gives the same twice: Keras' predict and evaluate switch dropout off by themselves."""
    images = context.image[np.newaxis]
    first, second = (np.exp(context.classifier.log_probabilities(images))[0] for _time in range(2))
    return Section(
        _("Predicting: off"),
        sentences=(
            _("Nobody has to switch it off: Keras does so in predict and evaluate, and in the validation of fit."),
        ),
        checks=(
            check("predictions", (_("one prediction"), first), (_("another"), second), 0.0),
            check(
                "all-units",
                (_("prediction with every hidden output as it is"), context.steps[-1].outputs[0]),
                (_("the model's prediction"), first),
            ),
        ),
    )
