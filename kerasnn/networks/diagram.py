"""The layers of a network as a diagram shows them: only Dense layers are drawn, others are marks on the one before."""

from dataclasses import replace
from math import prod

from kerasnn.lecture.layers import BatchNormalization, Dense, Dropout
from kerasnn.networks.architecture import Architecture
from kerasnn.networks.classifier import Classifier
from kerasnn.networks.forward import Network
from kerasnn.networks.linear import OneVsRest
from kerasnn.records import Diagram, DiagramLayer


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
