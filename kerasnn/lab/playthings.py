"""The numbers that the page lets its users play with: a network's own, and paths of optimizers down a bowl."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

from kerasnn.errors import UsageError
from kerasnn.lab.worked import Asked
from kerasnn.language import _
from kerasnn.lecture import classes
from kerasnn.lecture.optimizers import VARIANTS
from kerasnn.lessons.sigmoid_softmax import scores
from kerasnn.training.bowl import START, STEPS, Bowl, walk

ROWS: Final = 3  # images whose scores make a matrix
FACTORS: Final = (0.1, 10.0)  # times an optimizer's learning rate
REACH: Final = 2.5  # of a start on each axis of the bowl


def softmax_numbers(context: Asked) -> dict[str, Any]:
    """Return the z of the picture, and the model's probabilities. Raises: UsageError for a model without softmax."""
    z = scores(context)
    return {**_about(context), "z": z.tolist(), "probabilities": context.probabilities.tolist()}


def dropout_numbers(context: Asked) -> dict[str, Any]:
    """Return the outputs of the last hidden layer for the picture, and the layer that they go into.

    Raises: UsageError for a model without a hidden layer, or without softmax.
    """
    scores(context)
    hidden, last = context.hidden, context.layers[-1]
    return {
        **_about(context),
        "units": context.traces[-2].outputs[0].tolist(),
        "rate": hidden.dropout,
        "kernel": last.kernel.tolist(),
        "bias": last.bias.tolist(),
        "probabilities": context.probabilities.tolist(),
    }


def argmax_numbers(context: Asked) -> dict[str, Any]:
    """Return the z of ROWS images, the user's own first. Raises: UsageError if the model is no network."""
    own = [] if context.pixels is None else [context.pixels]
    count = ROWS - len(own)
    images = np.stack([*own, *context.test.images[:count]])
    known = classes.in_language(context.images.classes)
    truths = [None] * len(own) + [known[label] for label in context.test.labels[:count]]
    z = context.network.logits(images).tolist()
    rows = [{"truth": truth, "z": row} for truth, row in zip(truths, z, strict=True)]
    return {**_about(context), "rows": rows}


def _about(context: Asked) -> dict[str, Any]:
    context.images  # noqa: B018  # refuses a model for other images
    own = context.pixels is not None
    truth = None if own else classes.in_language(context.images.classes)[context.label]
    return {"model": context.found.name, "names": context.names, "own": own, "truth": truth}


NUMBERS: Final[Mapping[str, Callable[[Asked], dict[str, Any]]]] = {
    "sigmoid-softmax": softmax_numbers,
    "dropout": dropout_numbers,
    "argmax": argmax_numbers,
}


def race(factor: float, start: tuple[float, float]) -> dict[str, Any]:
    """Return the paths of all optimizers from `start` down the bowl, each with `factor` times its learning rate."""
    bowl, paths = Bowl(), []
    for optimizer, variant in VARIANTS:
        rate = variant.bowl_rate * factor
        points, _rates = walk(optimizer.rule(rate=rate, **variant.settings), bowl.slope, start, steps=STEPS)
        losses = [bowl.loss(point) for point in points]
        paths.append({"title": variant.title, "rate": rate, "points": points.tolist(), "losses": losses})
    return {"across": bowl.across, "down": bowl.down, "steps": STEPS, "paths": paths}


def race_asked(body: Mapping[str, Any]) -> tuple[float, tuple[float, float]]:
    """Return the factor and the start that a request names. Raises: UsageError if they are out of bounds."""
    factor, start = body.get("factor", 1.0), body.get("start", list(START))
    low, high = FACTORS
    if not _is_number(factor) or not low <= factor <= high:
        raise UsageError(
            _("the factor is out of bounds"), expected=_("a number from {low:g} to {high:g}", low=low, high=high)
        )
    if (
        not isinstance(start, list)
        or len(start) != len(START)
        or not all(_is_number(each) and abs(each) <= REACH for each in start)
    ):
        raise UsageError(
            _("the start is out of bounds"), expected=_("two numbers from {low:g} to {high:g}", low=-REACH, high=REACH)
        )
    return float(factor), (float(start[0]), float(start[1]))


def _is_number(value: Any) -> bool:
    return type(value) in (int, float)
