"""The lessons that train networks: every number in their tables and bars, from a second training in float64."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import numpy as np
import pytest
import scipy.stats
from scipy.special import expit, softmax
from threadpoolctl import threadpool_limits

import kerasnn
from kerasnn.data.dataset import Dataset
from kerasnn.runs import reference
from tests.lessons import test_numbers
from tests.lessons.second_way import TEXT, Array, Net, Rule, Shown, adagrad, adam, compare, pixels, rmsprop, sgd
from tests.lessons.test_numbers import INDEX, arrays, hidden, linear_z

RULES: Final[dict[str, tuple[Callable[[float], Rule], float, float]]] = {  # with Keras' rate, and that of the bowl
    "SGD": (sgd, 0.01, 0.1),
    "SGD, momentum 0.9": (partial(sgd, momentum=0.9), 0.01, 0.02),
    "SGD, Nesterov": (partial(sgd, momentum=0.9, nesterov=True), 0.01, 0.02),
    "Adagrad": (adagrad, 0.001, 0.5),
    "RMSprop": (rmsprop, 0.001, 0.05),
    "Adam": (adam, 0.001, 0.2),
}
SIZES: Final = ((24, 24, 24), (512, 512, 512), (32, 784, 100))
POINTS: Final = 200  # percentage points in two standard errors


def examples(data: Dataset, count: int, held_out: int = 0) -> tuple[Array, Array, Array, Array]:
    """Return inputs and labels to learn from, and those held out at the end."""
    x, y = pixels(data.train, 0, count), data.train.labels[:count]
    return x[: count - held_out], y[: count - held_out], x[count - held_out :], y[count - held_out :]


def roughly(value: float, share: float) -> Callable[[float], bool]:
    return lambda cell: abs(cell - value) <= max(share * value, 0.06)


def normalize(data: Dataset) -> Shown:
    image = pixels(data.test)[INDEX]
    standardised = scipy.stats.zscore(image)
    kinds = [(TEXT, min(k), max(k), np.mean(k), np.std(k)) for k in (255 * image, image, standardised)]
    _kernel, bias = arrays("softmax")
    z = linear_z(data.test)
    raw = 255 * (z - bias) + bias
    both = [(TEXT, *pair) for pair in zip(softmax(z[INDEX]), softmax(raw[INDEX]), strict=True)]
    scores = [
        (TEXT, np.mean(own.argmax(axis=1) == data.test.labels), np.mean(softmax(own, axis=1).max(axis=1) > 0.999))
        for own in (z, raw)
    ]
    x, y, others, answers = examples(data, 3000, 600)
    rows = []
    for activation, rule in (("linear", sgd), ("relu", sgd), ("relu", rmsprop), ("relu", adam)):
        sizes = (784, 10) if activation == "linear" else (784, 50, 10)
        for factor in (1, 255):
            net = Net(sizes, activation).train(factor * x, y, rule(), 2)
            loss, accuracy = net.scores(factor * others, answers)
            scored: tuple[Any, Any] = loss, accuracy
            if factor == 255:  # steps so large that the last digit of float32 decides where they lead
                scored = roughly(loss, 0.2), roughly(accuracy, 0.2)
            rows.append((TEXT, TEXT, TEXT, max(net.losses), *scored))
    assert [row[3] > 100 for row in rows] == [False, True] * 4
    histogram = [np.mean((255 * image >= low - 0.5) & (255 * image < low + 31.5)) for low in range(0, 256, 32)]
    return Shown([kinds, both, scores, rows], [histogram], ["Guessing has a loss of 2.3026"])


def collapse(data: Dataset) -> Shown:
    x, y, _none, _labels = examples(data, 2000)
    test = pixels(data.test), data.test.labels
    two, one, bent = (
        Net(sizes, kind).train(x, y, adam(), 5)
        for sizes, kind in (((784, 100, 10), "linear"), ((784, 10), "linear"), ((784, 100, 10), "relu"))
    )
    arithmetic = [(a, 4 * a + 2, 3 * (4 * a + 2) - 5, 12 * a + 1) for a in (-2.0, 0.0, 1.0, 5.0)]
    nets = [(TEXT, n, *net.scores(*test)) for n, net in ((79_510, two), (7_850, two), (7_850, one), (79_510, bent))]
    return Shown([arithmetic, nets], said=["this curve is 6.00 at a = 0 and 0.35 at a = 8", "The other 71,660"])


def hyperparameters(data: Dataset) -> Shown:
    chosen = [[100], TEXT, [0.3], TEXT, TEXT, TEXT, [0.001], [0], TEXT, [20], [32], TEXT, [42]]
    x, y, others, answers = examples(data, 2500, 500)
    rates = [10.0**power for power in range(-5, 1)]
    scores = [Net((784, 10)).train(x, y, rmsprop(rate), 1).scores(others, answers) for rate in rates]
    best = rates[int(np.argmin([loss for loss, _accuracy in scores]))]
    rows: list[Any] = [([rate], *own) for rate, own in zip(rates[:4], scores, strict=False)]
    # rounding decides where such large steps lead, but not that they lead beyond guessing's loss of log 10
    rows += [
        ([rate], lambda loss: loss > np.log(10), roughly(own[1], 0.3))
        for rate, own in zip(rates[4:], scores[4:], strict=True)
    ]
    return Shown([[(TEXT, TEXT, own) for own in chosen], rows], said=[f"learning rates tried was {best:g}"])


def relu(data: Dataset) -> Shown:
    z, _probabilities = hidden("relu", data.test, 0, 1000)
    own = z[INDEX]
    some = [(n, own[n], max(own[n], 0)) for n in (0, 14, 28, 42, 57, 71, 85, 99)]
    networks = []
    kernel, bias, *_rest = arrays("hidden")
    sigmoid = expit(pixels(data.test, 0, 1000) @ kernel + bias)
    activity = (np.mean(sigmoid < 1e-3), np.mean(sigmoid * (1 - sigmoid))), (np.mean(z < 1e-3), np.mean(z > 0))
    for stage, measured in zip(("hidden", "relu"), activity, strict=True):
        card = json.loads(reference.model_path(stage).with_suffix(".json").read_text())
        scores = card["validation"]["loss"], card["validation"]["accuracy"], card["training"]["loss"]
        networks.append((TEXT, *scores, *measured))
    x, y, others, answers = examples(data, 1500, 300)
    seeds = []
    for seed in (1, 2, 3):
        kinds = [Net((784, 50, 10), kind, seed).train(x, y, rmsprop(), 2, seed) for kind in ("sigmoid", "relu")]
        losses, accuracies = zip(*(net.scores(others, answers) for net in kinds), strict=True)
        seeds.append((seed, *losses, *accuracies))
    every, _probabilities = hidden("relu", data.test, 0, len(data.test))
    off, dead = np.sum(own < 0), np.sum(every.max(axis=0) < 0)
    said = [f"{off} are off for this image, and {dead} for all {len(data.test):,} test images", "0.25^5 = 0.00098"]
    return Shown([some, networks, seeds], said=said)


def optimizers(data: Dataset) -> Shown:
    x, y, _none, _labels = examples(data, 3000)
    test = pixels(data.test, 0, 1000), data.test.labels[:1000]
    gradient, _of_biases = Net((784, 10)).gradients(x[:32], y[:32])
    race, first, bowl = [], [], []
    for rule, rate, bowl_rate in RULES.values():
        net = Net((784, 10)).train(x, y, rule(rate), 2)
        sizes, last = net.sizes_of_steps, np.mean(net.losses[-15:])
        race.append((TEXT, net.losses[0], last, net.scores(*test)[1], np.mean(sizes[:15]), np.mean(sizes[-15:])))
        step = rule(rate)(gradient, {}, 1)
        first.append((TEXT, TEXT, np.mean(abs(step[abs(gradient) > 0.01]))))
        point, down = np.array([-2.0, 1.0]), rule(bowl_rate)
        memory: dict[str, Array] = {}
        for t in range(1, 41):
            point = point + down(point * [1, 12], memory, t)
        bowl.append((TEXT, [bowl_rate], *point, (point[0] ** 2 + 12 * point[1] ** 2) / 2))
    return Shown([race, first, bowl], said=[f"stay, here {np.mean(gradient == 0):.0%}"])


def validation(data: Dataset) -> Shown:
    x, y, others, answers = examples(data, 3000, 600)
    every, labels = pixels(data.train, 0, 3000), data.train.labels[:3000]
    folds = np.random.default_rng(42).permutation(3000).reshape(5, 600)
    scores = []
    for number, own in enumerate(folds):
        rest = np.delete(folds, number, axis=0).reshape(-1)
        net = Net((784, 10)).train(every[rest], labels[rest], rmsprop(), 2)
        scores.append(net.scores(every[own], labels[own])[1])
    spread, time = scipy.stats.tstd(scores), lambda seconds: seconds > 0
    table = [(TEXT, 1, scores[0], TEXT, time), (TEXT, 5, np.mean(scores), spread, time)]
    one, two = (
        Net(sizes, "relu").train(x, y, rmsprop(), 2).right(others, answers) for sizes in ((784, 10), (784, 50, 10))
    )
    counts = [(TEXT, int(np.sum(n))) for n in (one & two, one & ~two, two & ~one, ~one & ~two)]
    # McNemar's test is on b and c alone; here the error of the mean of differences that are -1, 0 or 1
    differences = two.astype(float) - one
    paired = scipy.stats.sem(differences, ddof=0)
    apart = np.hypot(scipy.stats.sem(one, ddof=0), scipy.stats.sem(two, ddof=0))
    errors = [(TEXT, paired, POINTS * paired), (TEXT, apart, POINTS * apart)]
    chance = [(n, scipy.stats.binom(n, 0.88).std() / n) for n in (600, 3_000, 12_000, 60_000)]
    said = [f"{differences.mean() - 2 * paired:+.4f} to {differences.mean() + 2 * paired:+.4f}"]
    said += [f"about {2 * chance[2][1]:.4f} either way", f"is {24_000 * chance[2][1]:.0f} images"]
    rows: list[Any] = [table, counts, errors, [(n, error, POINTS * error) for n, error in chance]]
    return Shown(rows, [[*scores, np.mean(scores)]], said)


LESSONS: Final[dict[str, Callable[[Dataset], Shown]]] = {
    "normalize": normalize,
    "collapse": collapse,
    "hyperparameters": hyperparameters,
    "relu": relu,
    "optimizers": optimizers,
    "validation": validation,
}

LONG: Final = ("normalize", "collapse")  # several seconds each


@pytest.mark.parametrize(
    "topic", [pytest.param(topic, marks=pytest.mark.full) if topic in LONG else topic for topic in LESSONS]
)
def test_every_number_is_computed_again(topic: str, garments: Dataset) -> None:
    with threadpool_limits(1, user_api="blas"):  # on small matrices threads wait for each other
        expected = LESSONS[topic](garments)
    compare(kerasnn.explain(topic, dataset=garments, index=INDEX), expected)


def test_no_topic_is_left_out() -> None:
    """Left out: `glossary`, below, and `overfitting`, whose numbers are those of recorded histories."""
    assert {*LESSONS, *test_numbers.LESSONS, "glossary", "overfitting"} == {row.topic for row in kerasnn.topics()}


def test_matrix_products_are_counted_and_timed() -> None:
    *_terms, section = kerasnn.explain("glossary").sections
    for (_name, operations, milliseconds, speed), size in zip(section.grids[0].rows, SIZES, strict=True):
        assert operations == 2 * np.prod(size)
        assert float(str(speed)) * float(str(milliseconds)) * 1e6 == pytest.approx(operations)
