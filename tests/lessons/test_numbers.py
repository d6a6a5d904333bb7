"""Every number in a lesson's tables and bars, computed a second time, from the images and the arrays in model files.

A function below returns what a lesson must show: a row for each row, a number for each number, TEXT for words only.
"""

import io
import zipfile
from collections.abc import Callable
from typing import Any, Final

import h5py
import numpy as np
import pytest
import scipy.special
import scipy.stats
from scipy.special import expit, softmax

import kerasnn
from kerasnn.data.dataset import Dataset, Part
from kerasnn.runs import reference
from tests.lessons.second_way import TEXT, Array, Shown, compare, pixels

INDEX: Final = 5


def arrays(stage: str) -> list[Array]:
    """Read kernel, bias, kernel, bias, ... of a reference model in float64, without kerasnn's own reader."""
    path = reference.model_path(stage)
    if path.suffix == ".npz":
        with np.load(path) as file:
            return [file[name].astype(np.float64) for name in ("coefficients", "intercepts")]
    weights = io.BytesIO(zipfile.ZipFile(path).read("model.weights.h5"))
    with h5py.File(weights) as file:
        layers = [f"layers/{name}/vars/{place}" for name in ("dense", "dense_1") for place in (0, 1)]
        return [np.asarray(file[layer], np.float64) for layer in layers if layer in file]


def hidden(stage: str, part: Part, start: int = 0, stop: int | None = None) -> tuple[Array, Array]:
    """Return z of the hidden layer with ReLU, and the probabilities."""
    kernel, bias, onward, last = arrays(stage)
    z = pixels(part, start, stop) @ kernel + bias
    return z, softmax(z.clip(0) @ onward + last, axis=1)


def linear_z(part: Part, start: int = 0, stop: int | None = None) -> Array:
    kernel, bias = arrays("softmax")
    z: Array = pixels(part, start, stop) @ kernel + bias
    return z


def linear(data: Dataset) -> Shown:
    kernel, bias = arrays("softmax")
    x, z = pixels(data.test)[INDEX], linear_z(data.test)[INDEX]
    best = int(z.argmax())
    terms = [(abs(a * b), place) for place, (a, b) in enumerate(zip(x, kernel[:, best], strict=True))]
    largest = sorted(terms, key=lambda term: (-round(term[0], 9), term[1]))[:8]
    coefficients, intercepts = arrays("sgd")
    other = coefficients @ x + intercepts
    rows = [(n + 1, n // 28, n % 28, x[n], kernel[n, best], x[n] * kernel[n, best]) for _size, n in largest]
    classes = [(label, TEXT, z[label], np.exp(z[label]), softmax(z)[label]) for label in range(10)]
    one_vs_rest = zip([TEXT] * 10, other, expit(other), expit(other) / expit(other).sum(), softmax(other), strict=True)
    said = [f"bias b {bias[best]:+.4f}: z = {z[best]:.4f}", f"that is {np.mean(x == 0):.0%} of the 784 weights"]
    said += [f"sum of all e^z, {np.exp(z).sum():.4f}", f"add up to {expit(other).sum():.4f}"]
    return Shown([rows, classes, list(one_vs_rest)], said=said)


def neuron(data: Dataset) -> Shown:
    _kernel, bias, onward, _last = arrays("relu")
    z, probabilities = hidden("relu", data.test)
    answer, x = int(probabilities[INDEX].argmax()), pixels(data.test)[INDEX]
    worth = z[INDEX].clip(0) * onward[:, answer]
    unit = int(worth.argmax())
    value, outputs = z[INDEX, unit], z[:, unit].clip(0)
    parts = [
        (TEXT, TEXT, [784, np.count_nonzero(x), 0]),
        (TEXT, TEXT, [value - bias[unit], bias[unit], value]),
        (TEXT, TEXT, [value, value]),
        (TEXT, TEXT, [value]),
    ]
    said = [f"would be {worth.max():.4f} lower", f"For {np.mean(outputs < 0.01):.0%} of the 2,000 test images"]
    said += [f"from {onward[unit].min():+.3f} to {onward[unit].max():+.3f}", f"One number: {value:.4f}"]
    means = [scipy.stats.tmean(outputs[data.test.labels == label]) for label in range(10)]
    return Shown([parts], [means], said)


def layers(data: Dataset) -> Shown:
    kernel, bias, onward, last = arrays("relu")
    counted = [(TEXT, 784, 100, 78_400, 100, TEXT), (TEXT, 100, 10, 1_000, 10, TEXT)]
    cuts = []
    for share in (0.0, 0.2, 0.5, 0.8, 0.9, 0.95):
        rest = kernel.copy()
        rest.reshape(-1)[np.argsort(abs(kernel), axis=None)[: int(share * kernel.size)]] = 0
        z = (pixels(data.test) @ rest + bias).clip(0) @ onward + last
        cuts.append(([100 * share], np.sum(rest != 0), np.mean(z.argmax(axis=1) == data.test.labels)))
    good = [cut for cut in cuts if cut[2] >= cuts[0][2] - 0.01]
    said = [f"accuracy {cuts[0][2]:.4f} with all connections, {good[-1][2]:.4f} with the rest"]
    return Shown([counted, cuts], said=said)


def sigmoid_softmax(data: Dataset) -> Shown:
    z = linear_z(data.test)[INDEX]
    some = [(z, np.exp(-z), expit(z), expit(-z), 1.0) for z in (-4.0, -1.0, 0.0, 1.0, 4.0)]
    classes = [(TEXT, value, np.exp(value), softmax(z)[label], expit(value)) for label, value in enumerate(z)]
    said = [f"the sigmoids to {expit(z).sum():.4f}", f"here each would be {expit(z + 100).min():.4f}, to four places"]
    return Shown([some, classes, [(TEXT, TEXT, TEXT)] * 4], said=said)


def one_hot(data: Dataset) -> Shown:
    z = linear_z(data.test, 0, 32)
    labels, probabilities = data.test.labels, softmax(z, axis=1)
    vectors = [(label, TEXT, int(label == labels[INDEX]), probabilities[INDEX, label]) for label in range(10)]
    losses = [-scipy.special.log_softmax(z[n])[labels[n]] for n in range(5)]
    first = [
        (labels[n], [int(c == labels[n]) for c in range(10)], np.exp(-losses[n]), losses[n], losses[n])
        for n in range(5)
    ]
    return Shown([vectors, first], [probabilities[INDEX]], ["1.4142 and 1.4142"])


def summary(_data: Dataset) -> Shown:
    rows = [(TEXT, TEXT, 78_500, [784, 100, 100, 78_500]), (TEXT, TEXT, 1_010, [100, 10, 10, 1_010])]
    shapes = [(TEXT, [100], [1, 100], [32, 100]), (TEXT, [10], [1, 10], [32, 10])]
    said = ["total 79,510, of which 79,510 trainable", "so 4 steps, the last with 4 images", "make 1,500 full batches"]
    return Shown([rows, shapes], [[78_500, 1_010]], said)


def parameters(_data: Dataset) -> Shown:
    counted = [
        (TEXT, [784, 100, 100, 78_500], 78_500, [784, 100, 100], 78_500),
        (TEXT, [100, 10, 10, 1_010], 1_010, [100, 10, 10], 1_010),
    ]
    counts = (7_850, 7_960, 39_760, 79_510, 238_510, 266_610, 795_010)  # as Keras counts them
    first = (7_850, 7_850, 39_250, 78_500, 235_500, 235_500, 785_000)
    others = [(TEXT, n, [round(100 * own / n)], n * 4e-6) for n, own in zip(counts, first, strict=True)]
    return Shown([counted, others], [[n / 1000 for n in counts]], ["it has 88% or more", "= 167,560"])


def dropout(data: Dataset) -> Shown:
    z, _probabilities = hidden("dropout", data.test, INDEX, INDEX + 1)
    outputs, (_kernel, _bias, onward, last) = z[0].clip(0), arrays("dropout")
    kept = np.random.default_rng(42).random((2000, 100)) >= 0.3
    passed = np.where(kept, outputs / 0.7, 0)
    loudest = [(n, outputs[n], int(kept[0, n]), passed[0, n]) for n in np.argsort(outputs)[:-7:-1]]
    sums = passed.sum(axis=1)
    totals = [(TEXT, outputs.sum(), 0.0), (TEXT, 0.7 * sums.mean(), 0.7 * sums.std()), (TEXT, sums.mean(), sums.std())]
    noisy, usual = softmax(passed @ onward + last, axis=1), softmax(outputs @ onward + last)
    best = np.argsort(usual)[:-4:-1]
    passes = [(TEXT, *row[best]) for row in (*noisy[:5], noisy.mean(axis=0), usual)]
    active = int(np.sum(outputs > 0))
    said = [f"2^{active} = {2.0**active:.1e}".replace("e+0", "e+"), f"This time {1 - kept[0].mean():.0%} were"]
    low, high = (0.3 + side * 2 * scipy.stats.bernoulli(0.3).std() / 10 for side in (-1, 1))
    said += [f"between {low:.0%} and {high:.0%}", f"a probability of {0.58**active:.1e}".replace("e-0", "e-")]
    return Shown([loudest, totals, passes], [[*noisy[:5, best[0]], usual[best[0]]]], said)


def argmax(data: Dataset) -> Shown:
    _z, probabilities = hidden("early-stopping", data.test, INDEX, INDEX + 4)
    ranks = [
        [sorted(range(len(row)), key=row.__getitem__)[-1] for row in table]
        for table in (probabilities, probabilities.T)
    ]
    rows = [([INDEX + n], *row, ranks[0][n]) for n, row in enumerate(probabilities)]
    cube = np.random.default_rng(7).integers(0, 100, (2, 3, 4))
    along = [([b, r], list(cube[b, r]), list(cube[b, r]).index(max(cube[b, r]))) for b in range(2) for r in range(3)]
    axes: list[Any] = []
    for axis in (0, 1, 2, -1):
        places = np.argsort(-cube, axis=axis, kind="stable").take(0, axis=axis)
        axes.append(([axis], list(places.shape), list(places.reshape(-1))))
    said = [f"{probabilities[n].max():.2f}" for n in range(4)]
    return Shown([[*rows, ([0], *ranks[1], TEXT)], along, axes], said=said)


LESSONS: Final[dict[str, Callable[[Dataset], Shown]]] = {
    "linear": linear,
    "neuron": neuron,
    "layers": layers,
    "sigmoid-softmax": sigmoid_softmax,
    "one-hot": one_hot,
    "summary": summary,
    "parameters": parameters,
    "dropout": dropout,
    "argmax": argmax,
}


@pytest.mark.parametrize("topic", LESSONS)
def test_every_number_is_computed_again(topic: str, garments: Dataset) -> None:
    compare(kerasnn.explain(topic, dataset=garments, index=INDEX), LESSONS[topic](garments))
