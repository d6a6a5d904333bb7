"""The weights of the first layer, which sees the pixels, as images."""

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
    """Return each unit of the first layer with its weights in rows and columns; None if it has no such layer.

    `names`: of the classes. Source: lecture, "logistic regression".
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
    return float(np.sqrt(np.mean(np.square(weights, dtype=np.float64))))


def _reaches(weights: Reals, names: Sequence[str]) -> tuple[OutgoingWeight, ...]:
    order = np.argsort(-np.abs(weights), kind="stable")
    return tuple(OutgoingWeight(names[place], float(weights[place])) for place in order)
