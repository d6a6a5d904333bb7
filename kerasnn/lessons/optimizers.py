"""All optimizers from the same start over the same batches, how large their steps are, and their ways down a bowl."""

from functools import partial

import numpy as np

from kerasnn.language import _
from kerasnn.lecture.optimizers import OPTIMIZERS, VARIANTS
from kerasnn.lessons.check import check
from kerasnn.lessons.context import Context
from kerasnn.lessons.drawing import lines, series
from kerasnn.lessons.learning import Learnt, Lesson, fresh_weights, judged, learn, loss_and_gradients
from kerasnn.records import Cell, Explanation, Grid, Section, Series
from kerasnn.training.bowl import START, STEPS, Bowl, variant_walks

IMAGES = 3000
EPOCHS = 2
WINDOW = 15


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
    runs = {
        variant.title: learn(
            start, lesson, partial(optimizer.rule, optimizer.learning_rate, **variant.settings), epochs=EPOCHS
        )
        for optimizer, variant in VARIANTS
    }
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
                "Every optimizer has Keras' own learning rate ({rates}), the same start and the same batches. The "
                "first loss is therefore the same for all.",
                count=len(lesson.labels),
                dataset=context.images.name,
                epochs=EPOCHS,
                rates=", ".join(f"{each.title} {each.learning_rate:g}" for each in OPTIMIZERS),
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
    step = {
        variant.name: optimizer.rule(optimizer.learning_rate, **variant.settings).step(own)
        for optimizer, variant in VARIANTS
    }
    return Section(
        _("Their first step, by the formula"),
        grids=(
            Grid(
                _("How a weight w with gradient g moves"),
                (_("optimizer"), _("change of w"), _("first step, mean |change|")),
                tuple(
                    (variant.title, _(variant.formula), float(np.abs(step[variant.name][lit]).mean()))
                    for _optimizer, variant in VARIANTS
                ),
                digits=6,
            ),
        ),
        checks=(
            check("sgd", (_("change by SGD"), step["sgd"]), ("-0.01 g", np.float32(-0.01) * own), 1e-8),
            check(
                "rmsprop",
                (_("change by RMSprop"), step["rmsprop"][lit]),
                (_("-0.001 g / root of (0.1 g^2), so 0.00316 either way"), -0.001 / np.sqrt(0.1) * np.sign(own[lit])),
                5e-5,
            ),
            check(
                "adam",
                (_("change by Adam"), step["adam"][lit]),
                (_("-0.001 x sign of g"), -0.001 * np.sign(own[lit])),
                1e-5,
            ),
        ),
    )


def _bowl() -> Section:
    """Paths down loss = (x^2 + 12 y^2) / 2, which is twelve times as steep one way as the other."""
    bowl, paths = Bowl(), {title: points for title, (points, _rates) in variant_walks().items()}
    return Section(
        _("Their ways down a bowl"),
        sentences=(
            _(
                "A loss of two weights only, (x^2 + 12 y^2) / 2, steep one way and flat the other; {steps} steps from "
                "({x:g}, {y:g}), with learning rates that suit each.",
                steps=STEPS,
                x=START[0],
                y=START[1],
            ),
        ),
        grids=(
            Grid(
                _("Where they are afterwards; the bottom is at (0, 0)"),
                (_("optimizer"), "x", "y", _("loss")),
                tuple((name, *map(float, path[-1]), bowl.loss(path[-1])) for name, path in paths.items()),
            ),
        ),
        checks=(
            check(
                "sgd-exactly",
                (_("SGD's last x and y"), paths["SGD"][-1]),
                (
                    _("start x (1 - 0.1 steepness)^{steps}", steps=STEPS),
                    np.array(START) * (1 - 0.1 * np.array([bowl.across, bowl.down])) ** STEPS,
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
