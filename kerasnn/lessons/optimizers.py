"""All optimizers from the same start on the same batches, the size of their steps, and their paths down a bowl."""

from collections.abc import Mapping
from functools import partial
from typing import Final

import numpy as np

from kerasnn.language import N_, _
from kerasnn.lecture.optimizers import OPTIMIZERS, VARIANTS
from kerasnn.lessons.context import Context
from kerasnn.lessons.learning import Arrays, Examples, Trained, evaluate, fit, initial_weights, loss_and_gradients
from kerasnn.lessons.parts import check, lines, section, series, table
from kerasnn.records import Explanation, Grid, Section, Series
from kerasnn.training.bowl import START, STEPS, Bowl, variant_walks

IMAGES: Final = 3000
EPOCHS: Final = 2
SMALL: Final = 0.01
WINDOW: Final = 15  # steps that are averaged

ANSWER: Final = N_(
    "Its step is rate x mean / root of mean square, both corrected for their start at 0. After one step the corrected "
    "mean is the gradient itself, g, and the root of the corrected mean square is |g|: rate x g / |g| is the learning "
    "rate, 0.001, up or down. Weights with a gradient of 0 stay, here {still:.0%}: their pixels are black in the whole "
    "batch. Later on, weights whose gradients keep their direction move further than those whose gradients keep "
    "changing sign."
)
RACE: Final = N_(
    "One Dense layer with softmax, {count:,} images of {dataset}, {epochs} epochs in batches of 32. Every optimizer "
    "has Keras' default learning rate ({rates}), the same start and the same batches. So the first loss is the same "
    "for all."
)
STEPS_SHRINK: Final = N_(
    "The slide says that adaptive rates can be lowered near the best point. Adagrad's never grow, because its sum "
    "never falls. RMSprop and Adam divide by a mean that forgets, so their rates grow again where gradients become "
    "small. Adam's steps shrink where the gradients of a weight keep changing sign, because their mean cancels out. "
    "Adagrad looks slow here because it divides by at least the root of 0.1: its rate is at most 0.00316, about a "
    "third of SGD's."
)
NO_RANKING: Final = N_(
    "One start, one layer, {count:,} images and {epochs} epochs do not say which optimizer is best: with other rates, "
    "networks or more epochs the order changes."
)
STARTS: Final = N_(
    "v is the last step, and a prime marks its new value. The means of RMSprop and Adam start at 0. Adam corrects "
    "this: after t steps it divides its means by 1 - 0.9^t and 1 - 0.999^t. RMSprop does not, so its mean is too small "
    "at first and its first step is 0.001 / root of 0.1 = 0.00316. Adagrad's sum starts at 0.1 in Keras. A constant of "
    "1e-7 keeps all three from dividing by 0."
)
BOWL: Final = N_(
    "A loss of only two weights, (x^2 + 12 y^2) / 2, steep in one direction and flat in the other; {steps} steps from "
    "({x:g}, {y:g}). Each optimizer has a learning rate of its own; other rates would change their order."
)


def explain(context: Context) -> Explanation:
    """Explain optimizers. Source: lecture, "optimizers"."""
    first_step, still = _first_step(context)
    return context.explained(
        _race(context),
        first_step,
        _bowl(),
        question=_("Adam's first step moves nearly every weight with a gradient by the same amount. Why?"),
        answer=_(ANSWER, still=still),
        on_image=False,
    )


def _race(context: Context) -> Section:
    train, test = Examples.of(context.images.learning(IMAGES)), Examples.of(context.test, 0, 1000)
    start = _start(context, train)
    runs = {}
    for optimizer, variant in VARIANTS:
        new_rule = partial(optimizer.rule, optimizer.learning_rate, **variant.settings)
        runs[variant.title] = fit(start, train, new_rule, epochs=EPOCHS)
    rates = ", ".join(f"{each.keras_class} {each.learning_rate:g}" for each in OPTIMIZERS)
    first_losses = (_("every optimizer's first loss"), [run.losses[0] for run in runs.values()])
    expected = (_("the loss of the start"), [runs["SGD"].losses[0]] * len(runs))
    losses = [_smoothed(name, run.losses) for name, run in runs.items()]
    sizes = [_smoothed(name, run.step_sizes) for name, run in runs.items()]
    axes = (_("step"), _("root mean square change of a weight"))
    return section(
        _("A race, run just now"),
        _(RACE, count=len(train.labels), dataset=context.images.name, epochs=EPOCHS, rates=rates),
        _race_table(runs, test),
        check("same-start", first_losses, expected, 1e-7),
        lines("race", _("Loss of the batches, mean of {count}", count=WINDOW), (_("step"), _("loss")), *losses),
        lines("steps", _("Size of the steps, mean of {count}", count=WINDOW), axes, *sizes),
        _(STEPS_SHRINK),
        _(NO_RANKING, count=len(train.labels), epochs=EPOCHS),
    )


def _start(context: Context, train: Examples) -> Arrays:
    return initial_weights((train.inputs.shape[1], len(context.names)), seed=42)


def _race_table(runs: Mapping[str, Trained], test: Examples) -> Grid:
    return table(
        _("Loss, accuracy on 1,000 test images, and how far a step moves a weight"),
        (_("optimizer"), _("first\nloss"), _("last\nlosses"), _("accuracy"), _("first\nsteps"), _("last\nsteps")),
        (
            (
                name,
                run.losses[0],
                np.mean(run.losses[-WINDOW:]),
                evaluate(run.weights, test)[1],
                *(np.mean(sizes) for sizes in (run.step_sizes[:WINDOW], run.step_sizes[-WINDOW:])),
            )
            for name, run in runs.items()
        ),
        digits=5,
        note=_("steps: root mean square change of a weight, mean of {count} steps", count=WINDOW),
    )


def _smoothed(name: str, values: tuple[float, ...]) -> Series:
    means = np.convolve(values, np.ones(WINDOW) / WINDOW, mode="valid")  # WINDOW - 1 fewer than values
    return series(name, np.arange(len(means)) + WINDOW, means)


def _first_step(context: Context) -> tuple[Section, float]:
    """Take one step with each optimizer, and compare it with its formula. Return also the share of gradients of 0."""
    batch = Examples.of(context.images.learning(32))
    _loss, (kernel, _bias) = loss_and_gradients(_start(context, batch), batch, "linear")  # gradients
    # below 0.01 the rules' small constants show, and where all pixels are black there is no step at all
    lit = np.abs(kernel) > SMALL
    signs = np.sign(kernel[lit])
    step = {
        variant.name: optimizer.rule(optimizer.learning_rate, **variant.settings).step(kernel)
        for optimizer, variant in VARIANTS
    }
    rows = ((each.title, _(each.formula), np.abs(step[each.name][lit]).mean()) for _optimizer, each in VARIANTS)
    columns = (_("optimizer"), _("change of w"), _("first step, mean |change|"))
    rmsprop = (_("-0.001 g / root of (0.1 g^2), so 0.00316 either way"), -0.001 / np.sqrt(0.1) * signs)
    adagrad = (_("-0.001 g / root of (0.1 + g^2)"), -0.001 * kernel / np.sqrt(0.1 + kernel**2))
    shown = section(
        _("Their first step, by the formula"),
        _(STARTS),
        table(
            _("How a weight w with gradient g moves"),
            columns,
            rows,
            digits=6,
            note=_("mean of the weights with |g| above {small}", small=SMALL),
        ),
        check("sgd", (_("change by SGD"), step["sgd"]), ("-0.01 g", np.float32(-0.01) * kernel), 1e-8),
        check("nesterov", (_("change by Nesterov"), step["nesterov"]), ("-1.9 x 0.01 g", -0.019 * kernel), 1e-8),
        check("adagrad", (_("change by Adagrad"), step["adagrad"]), adagrad, 1e-8),
        # the size of the gradient cancels out, and only its sign is left
        check("rmsprop", (_("change by RMSprop"), step["rmsprop"][lit]), rmsprop, 5e-5),
        check("adam", (_("change by Adam"), step["adam"][lit]), (_("-0.001 x sign of g"), -0.001 * signs), 1e-5),
    )
    return shown, float((kernel == 0).mean())


def _bowl() -> Section:
    """Follow each optimizer down loss = (x^2 + 12 y^2) / 2, which is twelve times as steep in y as in x."""
    bowl, paths = Bowl(), {title: points for title, (points, _rates) in variant_walks().items()}
    # each step of SGD takes the same share off x and off y
    formula = np.array(START) * (1 - 0.1 * np.array([bowl.across, bowl.down])) ** STEPS
    expected = (_("start times (1 - 0.1 times steepness)^{steps}", steps=STEPS), formula)
    rates = {variant.title: variant.bowl_rate for _optimizer, variant in VARIANTS}
    rows = ((name, f"{rates[name]:g}", *path[-1], bowl.loss(path[-1])) for name, path in paths.items())
    columns = (_("optimizer"), _("learning rate"), "x", "y", _("loss"))
    drawn = [series(name, path[:, 0], path[:, 1]) for name, path in paths.items()]
    return section(
        _("Their ways down a bowl"),
        _(BOWL, steps=STEPS, x=START[0], y=START[1]),
        table(_("Where they are afterwards; the bottom is at (0, 0)"), columns, rows),
        check("sgd-exactly", (_("SGD's last x and y"), paths["SGD"][-1]), expected, 1e-5),
        lines("bowl", _("Paths to the bottom at (0, 0)"), ("x", "y"), *drawn, paths=True),
    )
