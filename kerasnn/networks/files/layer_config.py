"""Turn one layer of a model's configuration, as any release of Keras writes it, into a layer of the lecture.

Whatever does not affect predictions (initializers, regularizers, ...) is ignored; any other option that the lecture
does not have is refused by name.
"""

import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from kerasnn.language import _
from kerasnn.lecture.activations import ACTIVATIONS
from kerasnn.lecture.layer import Layer, Shape
from kerasnn.lecture.layers import LAYERS
from kerasnn.networks.files import Unsafe, Unsupported
from kerasnn.records.serialize import restore

Config = Mapping[str, Any]

LONGEST_NAME: Final = 200
LARGEST_SIZE: Final = 1_000_000  # along one axis
LARGEST_NUMBER: Final = 1e30  # well below the largest float32, 3e38

_RANGES: Final[Mapping[str, tuple[float, float]]] = {
    "units": (1, LARGEST_SIZE),
    "rate": (0, 1),
    "epsilon": (0, LARGEST_NUMBER),
    "negative_slope": (0, LARGEST_NUMBER),
    "max_value": (0, LARGEST_NUMBER),
    "threshold": (0, LARGEST_NUMBER),
}
_ALIASES: Final = {("LeakyReLU", "alpha"): "negative_slope"}  # the names in Keras 2
# options that never affect predictions
_WITHOUT_EFFECT: Final = re.compile(
    r"name|trainable|dtype|seed|noise_shape|synchronized|autocast|renorm_momentum|batch_input_shape|batch_shape"
    r"|activity_regularizer|\w+_(initializer|regularizer|constraint)"
)
# options that do not affect predictions as long as they have this value
_WITHOUT_EFFECT_AT: Final = [("data_format", "channels_last"), ("renorm", False), ("fused", True)]


def read_layer(entry: Config, name: str, inputs: Shape) -> Layer:
    """Return the layer that `entry` describes; `inputs`: the shape of its input for one image.

    Raises: Unsupported if the lecture has no such layer, or not with such options; Unsafe.
    """
    kind = LAYERS.get(entry["class_name"]) if isinstance(entry["class_name"], str) else None
    if kind is None or not is_from_keras(entry):
        shown = class_of(entry) if kind is None else str(entry.get("registered_name") or entry.get("module"))[:80]
        raise Unsupported(_("its layer {name} is a {kind}, which the lecture does not have", name=name, kind=shown))
    if not inputs:
        raise Unsafe(_("it does not say which shape its images have"))
    _refuse_unless_float32(entry["config"], name)
    options = _options(entry["config"], kind, name)
    if isinstance(activation := options.get("activation"), Mapping):  # not by its name: a function, or a layer
        raise _unsupported(name, "activation", _called(activation))
    try:
        layer = restore(kind, {"name": name, **options})
    except ValueError as error:
        raise Unsupported(
            _("its layer {name} has an option of the wrong type: {error}", name=name, error=error)
        ) from None
    for option, value in layer.options.items():
        if not _fits(option, value, inputs):
            raise _unsupported(name, option, value)
    return layer


def _unsupported(name: str, option: str, value: Any) -> Unsupported:
    return Unsupported(_("its layer {name} has {option} {value}", name=name, option=option, value=str(value)[:60]))


def _called(thing: Config) -> Any:
    """Return what the author called a function or a layer that serves as an option."""
    kind = thing.get("class_name", "lambda")
    return thing.get("config") if kind == "function" else kind


def _refuse_unless_float32(config: Config, name: str) -> None:
    dtype = config.get("dtype") or "float32"
    if isinstance(dtype, dict):  # a policy, which has the name in its configuration
        dtype = dtype["config"]["name"] if dtype.get("class_name") in ("DTypePolicy", "Policy") else dtype
    if dtype != "float32":
        raise Unsupported(_("its layer {name} is not float32", name=name))


def _options(config: Config, kind: type[Layer], name: str) -> dict[str, Any]:
    """Return the options that affect what a layer computes; one that its release did not know has its default.

    Raises: Unsupported for an option that kerasnn does not know.
    """
    known = {each.name: each for each in fields(kind)[1:]}  # the first field is the layer's name
    options: dict[str, Any] = {}
    for key, value in config.items():
        option = _ALIASES.get((kind.__name__, key), key)
        if option in known:
            one = isinstance(value, list) and len(value) == 1 and known[option].type is int
            options[option] = value[0] if one else value  # Keras 2 writes a single axis as a list
        elif not (_WITHOUT_EFFECT.fullmatch(key) or value is None or (key, value) in _WITHOUT_EFFECT_AT):
            raise Unsupported(
                _("its layer {name} has the option {option}, which is not known here", name=name, option=key[:40])
            )
    return options


def _fits(option: str, value: Any, inputs: Shape) -> bool:
    """Return True if `value` is in the range of `option`; `inputs`: the layer's input shape for one image."""
    if option == "activation":
        return value in ACTIVATIONS
    if option == "axis":  # counted with the batch axis, which is 0 and not allowed
        return bool(-len(inputs) <= value <= len(inputs) and value != 0)
    if option == "target_shape":
        return 0 < len(value) <= 5 and value.count(-1) <= 1 and all(s == -1 or 1 <= s <= LARGEST_SIZE for s in value)
    low, high = _RANGES.get(option, (-LARGEST_NUMBER, LARGEST_NUMBER))
    return bool(value is None or low <= value <= high)


def class_of(entry: Config) -> str:
    """Return the name of an entry's class, short enough for a message."""
    return str(entry["class_name"])[:80]


def name_of(entry: Config) -> str:
    """Return the name of a layer. Raises: Unsafe unless it can be shown."""
    name = entry["config"]["name"]
    if not isinstance(name, str) or not name.isprintable() or not 0 < len(name) <= LONGEST_NAME:
        raise Unsafe(_("one of its layers has no printable name"))
    return name


def is_from_keras(entry: Config) -> bool:
    """Return False if the entry says that its class is not one of Keras' own."""
    module, registered = entry.get("module"), entry.get("registered_name")
    from_keras = module is None or module == "keras" or (isinstance(module, str) and module.startswith("keras."))
    return from_keras and registered in (None, entry["class_name"])
