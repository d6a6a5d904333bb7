"""The forward pass of a network in NumPy, a line for each layer, for a script of at most 60 lines."""

import keyword
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from kerasnn.errors import UsageError
from kerasnn.exports.network import DIVISION, Leaving
from kerasnn.exports.python_text import FUNCTIONS, text_of
from kerasnn.language import _
from kerasnn.lecture.layer import Activation, Layer, ReLU, Rescaling, Reshape, Shape, Softmax
from kerasnn.lecture.layers import BatchNormalization, Dense, Dropout, Flatten
from kerasnn.networks.architecture import Architecture

MOST_LINES: Final = 60
_NUMBERED: Final = re.compile(
    "hidden_(0|[1-9][0-9]{0,9})"
)  # the Dense layers of a network with several hidden ones, as `design` names them


def script(leaving: Leaving, architecture: Architecture, file: str, *, shares: bool) -> str:
    """Return the script. `file`: its name. `shares`: the outputs are divided by their sum at the end.

    Raises: UsageError if a layer has no code, or it would be longer than 60 lines.
    """
    for looped in (False, True):
        text = text_of(leaving, _statements(architecture, leaving.image_shape, looped, shares), file)
        if text.count("\n") <= MOST_LINES:
            return text
    raise UsageError(
        _("the network has too many layers for a script of {lines} lines", lines=MOST_LINES),
        hint=_("kerasnn export --help lists the other forms"),
    )


def _statements(architecture: Architecture, image_shape: Shape, looped: bool, shares: bool) -> list[str]:
    """Return the lines of the forward pass."""
    values, lines = "images", []
    if architecture.input_shape != image_shape:
        lines.append(f"values = images.reshape(len(images), {', '.join(map(str, architecture.input_shape))})")
        values = "values"
    layers = list(architecture.layers)
    while layers:
        run = _alike(layers) if looped else []
        if len(run) > 1:
            lines += _loop(run, values)
            values, layers = "values", layers[len(run) * len(run[0]) :]
            continue
        layer = layers.pop(0)
        if isinstance(layer, Dropout):
            lines.append(
                "# " + _("{layer}: drops {rate:.0%} while training, nothing here", layer=layer.name, rate=layer.rate)
            )
            continue
        code, values = _code(layer, values, f'"{layer.name}"'), _variable(layer)
        lines.append(f"{values} = {code}")
    if shares:
        return [*lines, f"return {values} / {values}.sum(axis=1, keepdims=True)"]
    if lines[-1].startswith(f"{values} = "):
        return [*lines[:-1], lines[-1].replace(f"{values} =", "return", 1)]
    return [*lines, f"return {values}"]  # the last line is a comment, or in a loop


def _alike(layers: Sequence[Layer]) -> list[list[Layer]]:
    """Return the hidden layers at the beginning of `layers` that differ only by number, each with what follows it.

    The numbers are those of a `range`.
    """
    blocks: list[list[Layer]] = []
    rest = list(layers)
    while rest and _number(rest) is not None:
        size = next((place for place, each in enumerate(rest) if place and isinstance(each, Dense)), len(rest))
        block = rest[:size]
        if blocks and _loop_code(block) != _loop_code(blocks[0]):
            break
        blocks.append(block)
        rest = rest[size:]
    numbers = [_number(block) or 0 for block in blocks]
    steps = [after - before for before, after in pairwise(numbers)]
    even = next((place for place, step in enumerate(steps) if step != steps[0] or not step), len(steps))
    return blocks[: even + 1]


def _number(layers: Sequence[Layer]) -> int | None:
    """Return the number of the hidden layer at the beginning of `layers`; None if there is none."""
    found = _NUMBERED.fullmatch(layers[0].name) if isinstance(layers[0], Dense) else None
    return int(found[1]) if found else None


def _loop(run: list[list[Layer]], values: str) -> list[str]:
    first, second, *_between, last = (_number(block) or 0 for block in (*run[:2], run[-1]))
    step = second - first
    numbers = f"{first}, {last + 1}" if step == 1 else f"{first}, {last + (1 if step > 0 else -1)}, {step}"
    start = [] if values == "values" else [f"values = {values}"]
    dropped = ["# " + _("dropout drops values while training, and nothing here")] if any(map(_drops, run[0])) else []
    loop = [f"for number in range({numbers}):", f"    values = {_loop_code(run[0])}"]
    return [*start, *dropped, *loop]


def _drops(layer: Layer) -> bool:
    return isinstance(layer, Dropout)


def _loop_code(block: list[Layer]) -> str:
    """Return what a hidden layer, and those behind it, make of `values`."""
    code, number = "values", block[0].name.removeprefix("hidden_")
    for layer in block:
        if not isinstance(layer, Dropout):
            code = _code(layer, code, f'f"{layer.name.replace(f"hidden_{number}", "hidden_{number}", 1)}"')
    return code


def _variable(layer: Layer) -> str:
    """Return the name of the variable that holds what `layer` gives."""
    if layer == DIVISION:
        return "pixels"
    name = re.sub(r"\W", "_", layer.name)
    taken = not name.isidentifier() or keyword.iskeyword(name)
    return f"{layer.kind.lower()}_values" if taken or name in {*FUNCTIONS, *_OTHERS} else name


_OTHERS: Final = ("dense", "normalize", "predict", "read", "images", "weights", "np", "math", "len")


def _code(layer: Layer, values: str, name: str) -> str:
    """Return the expression for what `layer` makes of `values`; `name`: the expression for its name."""
    match layer:
        case Flatten():
            code = f"{values}.reshape(len({values}), -1)"
        case Reshape():
            code = f"{values}.reshape(len({values}), {', '.join(map(str, layer.target_shape))})"
        case Dense():
            code = _activated(layer.activation, f"dense({values}, {name})")
        case BatchNormalization(axis=-1):
            code = f"normalize({values}, {name})"
        case Rescaling():
            code = f"{values} / 255" if layer == DIVISION else f"{values} * {layer.scale!r}"
            code += f" + {layer.offset!r}" if layer.offset else ""
        case Activation():
            code = _activated(layer.activation, values)
        case Softmax(axis=-1):
            code = f"softmax({values})"
        case ReLU(max_value=None, negative_slope=0.0, threshold=0.0):
            code = f"relu({values})"
        case _:
            raise UsageError(
                _("its layer {name} is {layer}, which the script does not have", name=layer.name, layer=_told(layer)),
                hint=_("kerasnn export --help lists the other forms"),
            )
    return code


def _told(layer: Layer) -> str:
    """Return a layer with those of its options that are not Keras' defaults, as `Softmax(axis=1)`."""
    return layer.keras_code().removeprefix("keras.layers.")


def _activated(activation: str, code: str) -> str:
    return code if activation == "linear" else f"{activation}({code})"
