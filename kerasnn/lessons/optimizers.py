"""Six optimizers from the same start over the same batches, how large their steps are, and their ways down a bowl."""

from collections.abc import Callable
from typing import Final

import numpy as np

from kerasnn.language import _
from kerasnn.lessons.check import check
from kerasnn.lessons.context import Context
from kerasnn.lessons.drawing import lines, series
from kerasnn.lessons.learning import Learnt, Lesson, fresh_weights, judged, learn, loss_and_gradients
from kerasnn.records import Cell, Explanation, Grid, Section, Series
from kerasnn.training.rules import SGD, Adagrad, Adam, Bowl, RMSprop, Rule, walk

IMAGES = 3000
EPOCHS = 2
WINDOW = 15
RACERS: Final[dict[str, Callable[[], Rule]]] = {
    "SGD": SGD,
    "SGD, momentum 0.9": lambda: SGD(momentum=0.9),
    "SGD, Nesterov": lambda: SGD(momentum=0.9, nesterov=True),
    "Adagrad": Adagrad,
    "RMSprop": RMSprop,
    "Adam": Adam,
}
BOWL: Final = Bowl(across=1.0, down=12.0)
START: Final = (-2.0, 1.0)
WALK: Final = 40
WALKERS: Final[dict[str, Callable[[], Rule]]] = {
    "SGD": lambda: SGD(rate=0.1),
    "SGD, momentum 0.9": lambda: SGD(rate=0.02, momentum=0.9),
    "Adagrad": lambda: Adagrad(rate=0.5),
    "RMSprop": lambda: RMSprop(rate=0.05),
    "Adam": lambda: Adam(rate=0.2),
}


def explain(context: Context) -> Explanation:
    """Source: lecture, "optimizers"."""
    return context.explained(
        _race(context),
        _first_step(context),
        _bowl(),
        question=_("Adam's very first step moves every weight by the same amount, whatever its gradient. Why?"),
        answer=_(
            "Its step is rate x mean / root of mean square. After one step the mean is the gradient itself, g, and "
            "the root of the mean square is |g|: rate x g / |g| is the learning rate, 0.001, up or down. Only later "
            "do weights whose gradients keep their direction move further than those whose gradients change."
        ),
        on_image=False,
    )


def _race(context: Context) -> Section:
    lesson = Lesson.of(context.images.learning(IMAGES))
    judge = Lesson.of(context.test, 0, 1000)
    start = fresh_weights((lesson.inputs.shape[1], len(context.names)), seed=42)
    runs = {name: learn(start, lesson, new_rule, epochs=EPOCHS) for name, new_rule in RACERS.items()}
    rows: list[tuple[Cell, ...]] = []
    for name, run in runs.items():
        rows.append(
            (
                name,
                run.losses[0],
                float(np.mean(run.losses[-WINDOW:])),
                judged(run.weights, judge)[1],
                _size(run, 0),
                _size(run, -WINDOW),
            )
        )
    return Section(
        _("A race, run just now"),
        sentences=(
            _(
                "One Dense layer with softmax, {count:,} images of {dataset}, {epochs} epochs of batches of 32. "
                "Every optimizer has Keras' own learning rate (0.01 for SGD, 0.001 for the others), the same start "
                "and the same batches. The first loss is therefore the same for all.",
                count=len(lesson.labels),
                dataset=context.images.name,
                epochs=EPOCHS,
            ),
        ),
        grids=(
            Grid(
                _("Loss, accuracy on 1,000 test images, and how far a step moves a weight"),
                (
                    _("optimizer"),
                    _("first\nloss"),
                    _("last\nlosses"),
                    _("accuracy"),
                    _("first\nsteps"),
                    _("last\nsteps"),
                ),
                tuple(rows),
                digits=4,
                note=_("steps: root mean square change of a weight, mean of {count} steps", count=WINDOW),
            ),
        ),
        checks=(
            check(
                "same-start",
                (_("every optimizer's first loss"), [run.losses[0] for run in runs.values()]),
                (_("the loss of the start"), [runs["SGD"].losses[0]] * len(runs)),
                1e-7,
            ),
        ),
        pictures=(
            lines(
                "race",
                _("Loss of the batches, mean of {count}", count=WINDOW),
                (_("step"), _("loss")),
                *(_smoothed(name, run.losses) for name, run in runs.items()),
            ),
            lines(
                "steps",
                _("Size of the steps, mean of {count}", count=WINDOW),
                (_("step"), _("root mean square change of a weight")),
                *(_smoothed(name, run.sizes) for name, run in runs.items()),
            ),
        ),
        remarks=(
            _(
                "The slide says that adaptive rates shrink as the best point comes near. Adagrad's does always, for "
                "its sum only grows. RMSprop and Adam divide by a mean that forgets: their steps shrink when "
                "gradients grow unsteady, not because the goal is near. Adagrad looks slow here because its rate of "
                "0.001 is small for it."
            ),
        ),
    )


def _size(run: Learnt, start: int) -> float:
    return float(np.mean(run.sizes[start:][:WINDOW]))


def _smoothed(name: str, values: tuple[float, ...]) -> Series:
    means = np.convolve(values, np.ones(WINDOW) / WINDOW, mode="valid")
    return series(name, np.arange(len(means)) + WINDOW, means)


def _first_step(context: Context) -> Section:
    """The rules of the slide's optimizers, one step each, held against their formulas."""
    lesson = Lesson.of(context.images.learning(32))
    start = fresh_weights((lesson.inputs.shape[1], len(context.names)), seed=42)
    _loss, gradients = loss_and_gradients(start, lesson, "linear")
    own = gradients[0]
    lit = np.abs(own) > 0.01  # below, the rules' small constants show; where all pixels are black there is no step
    step = {name: new_rule().step(own) for name, new_rule in RACERS.items()}
    return Section(
        _("Their first step, by the formula"),
        grids=(
            Grid(
                _("How a weight w with gradient g moves"),
                (_("optimizer"), _("change of w"), _("first step, mean |change|")),
                tuple((name, formula, float(np.abs(step[name][lit]).mean())) for name, formula in _formulas().items()),
                digits=6,
            ),
        ),
        checks=(
            check("sgd", (_("change by SGD"), step["SGD"]), ("-0.01 g", np.float32(-0.01) * own), 1e-8),
            check(
                "rmsprop",
                (_("change by RMSprop"), step["RMSprop"][lit]),
                (_("-0.001 g / root of (0.1 g^2), so 0.00316 either way"), -0.001 / np.sqrt(0.1) * np.sign(own[lit])),
                5e-5,
            ),
            check(
                "adam",
                (_("change by Adam"), step["Adam"][lit]),
                (_("-0.001 x sign of g"), -0.001 * np.sign(own[lit])),
                1e-5,
            ),
        ),
    )


def _formulas() -> dict[str, str]:
    return {
        "SGD": "-rate g",
        "SGD, momentum 0.9": "v = 0.9 v - rate g",
        "SGD, Nesterov": "0.9 v - rate g",
        "Adagrad": _("-rate g / root of (sum of g^2)"),
        "RMSprop": _("-rate g / root of (mean of g^2)"),
        "Adam": _("-rate (mean of g) / root of (mean of g^2)"),
    }


def _bowl() -> Section:
    """Paths down loss = (x^2 + 12 y^2) / 2, which is twelve times as steep one way as the other."""
    paths = {name: walk(new_rule(), BOWL.slope, START, steps=WALK)[0] for name, new_rule in WALKERS.items()}
    return Section(
        _("Their ways down a bowl"),
        sentences=(
            _(
                "A loss of two weights only, (x^2 + 12 y^2) / 2, steep one way and flat the other; {steps} steps from "
                "({x:g}, {y:g}), with learning rates that suit each.",
                steps=WALK,
                x=START[0],
                y=START[1],
            ),
        ),
        grids=(
            Grid(
                _("Where they are afterwards; the bottom is at (0, 0)"),
                (_("optimizer"), "x", "y", _("loss")),
                tuple((name, *map(float, path[-1]), BOWL.loss(path[-1])) for name, path in paths.items()),
            ),
        ),
        checks=(
            check(
                "sgd-exactly",
                (_("SGD's last x and y"), paths["SGD"][-1]),
                (
                    _("start x (1 - 0.1 steepness)^{steps}", steps=WALK),
                    START * (1 - 0.1 * np.array([BOWL.across, BOWL.down])) ** WALK,
                ),
                1e-5,
            ),
        ),
        pictures=(
            lines(
                "bowl",
                _("Paths to the bottom at (0, 0)"),
                ("x", "y"),
                *(series(name, path[:, 0], path[:, 1]) for name, path in paths.items()),
                paths=True,
            ),
        ),
    )
