"""The weights of the first layer as images: it has one weight for each pixel."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kerasnn.lecture.layers import Dense
from kerasnn.networks.classifier import Classifier, Reals
from kerasnn.networks.forward import Network
from kerasnn.networks.linear import OneVsRest
from kerasnn.records import OutgoingWeight, UnitWeights, WeightMaps


def weight_maps(
    model: Classifier, shape: tuple[int, int], names: Sequence[str], *, title: str, path: str
) -> WeightMaps | None:
    """Return the weights of each unit of the first layer as an image; None unless `model` has the lecture's form.

    `shape`: rows and columns. `names`: of the classes. Source: lecture, "logistic regression".
    """
    if isinstance(model, OneVsRest):
        units = _units(model.coefficients.T, model.intercepts, shape, names, None)
        return WeightMaps(title, path, "one-vs-rest", outputs=True, units=units)
    if not isinstance(model, Network) or not model.architecture.is_drawable:
        return None
    first, *others = model.weights
    dense = [layer for layer in model.architecture.layers if isinstance(layer, Dense)]
    if not others:
        units = _units(first.kernel, first.bias, shape, names, None)
        return WeightMaps(title, path, dense[0].name, outputs=True, units=units)
    targets = list(names) if len(others) == 1 else [f"unit {unit}" for unit in range(dense[1].units)]
    units = _units(first.kernel, first.bias, shape, targets, others[0].kernel)
    return WeightMaps(title, path, dense[0].name, outputs=False, units=units)


def _units(
    kernel: Reals, bias: Reals, shape: tuple[int, int], names: Sequence[str], onwards: Reals | None
) -> tuple[UnitWeights, ...]:
    """Return a record for each column of `kernel`, (pixels, units).

    `onwards`: the next layer's kernel, (units, targets), or None if these are the outputs. `names`: of the targets, or
    of the outputs.
    """
    return tuple(
        UnitWeights(
            unit=unit,
            name=names[unit] if onwards is None else f"unit {unit}",
            bias=float(bias[unit]),
            smallest=float(weights.min()),
            largest=float(weights.max()),
            strength=_size(weights) * (_size(onwards[unit]) if onwards is not None else 1.0),
            reaches=_reaches(onwards[unit], names) if onwards is not None else (),
            weights=tuple(tuple(map(float, row)) for row in weights.reshape(shape)),
        )
        for unit, weights in enumerate(kernel.T)
    )


def _size(weights: NDArray[np.floating[Any]]) -> float:
    """Return the root mean square."""
    return float(np.sqrt(np.mean(np.square(weights, dtype=np.float64))))


def _reaches(weights: Reals, names: Sequence[str]) -> tuple[OutgoingWeight, ...]:
    """Return a unit's weights to the next layer, the strongest first."""
    order = np.argsort(-np.abs(weights), kind="stable")
    return tuple(OutgoingWeight(names[place], float(weights[place])) for place in order)
