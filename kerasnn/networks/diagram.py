"""A model to look at: its layers as a diagram, and the weights of the first one as images.

Only Dense layers are drawn; others are marks on the one before.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import prod
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.lecture.layers import BatchNormalization, Dense, Dropout
from kerasnn.networks.architecture import Architecture
from kerasnn.networks.classifier import Classifier, Reals
from kerasnn.networks.forward import Network, OneVsRest
from kerasnn.records import Diagram, DiagramLayer, OutgoingWeight, UnitWeights, WeightMaps

MOST_UNITS: Final = 10_000  # of the first layer, as many as a stage may have
MOST_OUTGOING: Final = 3_000_000  # weights to the next layer, each of which becomes a record


def architecture_diagram(architecture: Architecture, name: str, labels: tuple[str, ...] = ()) -> Diagram:
    """Return the diagram of an untrained network; `labels`: names of its outputs."""
    shape = architecture.input_shape
    columns = [DiagramLayer("input", prod(shape))]  # from left to right
    for layer, inputs in architecture.with_inputs():
        if isinstance(layer, Dense):
            columns.append(DiagramLayer(layer.name, layer.units, layer.activation))
        elif isinstance(layer, Dropout):
            columns[-1] = replace(columns[-1], dropout=layer.rate)
        elif isinstance(layer, BatchNormalization):
            columns[-1] = replace(columns[-1], normalization=layer.parameters(inputs))
    columns[-1] = replace(columns[-1], labels=labels if len(labels) == columns[-1].units else ())
    image_shape = (shape[0], shape[1]) if len(shape) == 2 else None
    return Diagram(name, image_shape, tuple(columns), architecture.parameters)


def model_diagram(model: Classifier, name: str, labels: tuple[str, ...] = ()) -> Diagram | None:
    """Return the diagram of a trained model with its weights; None if it has other layers than the lecture's."""
    if isinstance(model, Network) and model.architecture.is_drawable:
        drawn = architecture_diagram(model.architecture, name, labels)
        return replace(drawn, weights=model.weights)
    if isinstance(model, OneVsRest):
        output = DiagramLayer("one-vs-rest", model.classes, "sigmoid", labels=labels)
        columns = (DiagramLayer("input", model.input_size), output)
        return Diagram(name, None, columns, model.parameters, ((model.coefficients.T, model.intercepts),))
    return None


def weight_maps(
    model: Classifier, shape: tuple[int, int], names: Sequence[str], *, title: str, path: str
) -> WeightMaps | None:
    """Return the weights of each unit of the first layer as an image.

    None unless `model` has the lecture's form, and at most MOST_UNITS and MOST_OUTGOING.

    `shape`: rows and columns. `names`: of the classes. Source: lecture, "logistic regression".
    """
    targets, onwards = names, None
    if isinstance(model, OneVsRest):
        layer, kernel, bias = "one-vs-rest", model.coefficients.T, model.intercepts
    elif isinstance(model, Network) and model.architecture.is_drawable:
        layer = next(each.name for each in model.architecture.layers if isinstance(each, Dense))
        (kernel, bias), *others = model.weights
        onwards = others[0].kernel if others else None
        if len(others) > 1:  # the next layer is hidden too, and its units have no names
            targets = [f"unit {unit}" for unit in range(len(others[0].bias))]
    else:
        return None
    if len(bias) > MOST_UNITS or (onwards is not None and onwards.size > MOST_OUTGOING):
        return None
    units = _units(kernel, bias, shape, targets, onwards)
    return WeightMaps(title, path, layer, outputs=onwards is None, units=units)


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
