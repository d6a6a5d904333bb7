"""Turn a model's configuration, as any release of Keras writes it, into the lecture's layers.

Only plain values are read, never code. Whatever does not affect predictions (initializers, optimizer, metrics, ...) is
ignored; any layer or option that the lecture does not have is refused by name.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final

from kerasnn.language import N_, _
from kerasnn.lecture.activations import ACTIVATIONS
from kerasnn.lecture.layer import Layer, Shape
from kerasnn.lecture.layers import LAYERS
from kerasnn.networks.architecture import Architecture
from kerasnn.networks.files.refusal import Unsafe, Unsupported
from kerasnn.records.serialize import restore

Config = Mapping[str, Any]

MOST_LAYERS: Final = 300
LONGEST_NAME: Final = 200
LARGEST_SIZE: Final = 1_000_000  # along one axis
MOST_PARAMETERS: Final = 50_000_000
MOST_VALUES: Final = 1_000_000  # between two layers, per image
MOST_PRODUCTS: Final = 200_000_000  # per image; they take half a second
LARGEST_NUMBER: Final = 1e30  # well below the largest float32, 3e38
MODELS: Final = ("Sequential", "Functional", "Model")  # Keras 2 called a Functional a Model

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
    r"name|trainable|dtype|seed|synchronized|autocast|renorm_momentum|batch_input_shape|batch_shape"
    r"|activity_regularizer|\w+_(initializer|regularizer|constraint)"
)
# options that do not affect predictions as long as they have this value
_WITHOUT_EFFECT_AT: Final[Mapping[str, Any]] = {"data_format": "channels_last", "renorm": False, "fused": True}


@dataclass(frozen=True)
class Leaf:
    """A layer that computes something. `group`: the place of its variables in a `.keras` file, `layers/dense/vars`.

    `top`: its name or, if it is inside an inner model, that model's name in the outermost one. `trainable`: False if
    the layer or a model around it is frozen.
    """

    layer: Layer
    group: str
    top: str
    trainable: bool


@dataclass(frozen=True)
class Described:
    """The network that a configuration describes: layers in the order of computation, inner models flattened."""

    architecture: Architecture
    leaves: tuple[Leaf, ...]


def describe(config: Any) -> Described:
    """Read `config`, a model's configuration as Keras writes it into config.json.

    Raises: Unsafe if it is damaged or not a model; Unsupported if it has something that the lecture does not.
    """
    reader = _Reader()
    try:
        reader.read_model(config, "", None, True)
        if not reader.leaves:
            raise Unsafe(_("it has no layers, or too many"))
        architecture = Architecture(reader.first, tuple(leaf.layer for leaf in reader.leaves))
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise Unsafe(_("its configuration is damaged: {error}", error=str(error)[:200])) from None
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise Unsafe(
            _("its configuration lacks something, or has another form: {error}", error=str(error)[:200])
        ) from None
    return Described(architecture, tuple(reader.leaves))


@dataclass
class _Reader:
    """Collects the layers of nested models. `first`: input shape of the whole; `shape`: of the next layer.

    Both are shapes of one image, empty until an input has been read.
    """

    leaves: list[Leaf] = field(default_factory=list)
    shape: Shape = ()
    first: Shape = ()

    def read_model(self, model: Config, prefix: str, top: str | None, trainable: bool) -> None:
        """Add the layers of `model`; `prefix`: the place of its variables; `top`, `trainable`: as in Leaf."""
        kind, config = model["class_name"], model["config"]
        if kind not in MODELS or not _is_from_keras(model):
            raise Unsupported(
                _("it is a {model}, where a Sequential or a Functional was expected", model=_named(model))
            )
        entries = config["layers"]
        if not isinstance(entries, list) or not 1 <= len(entries) <= MOST_LAYERS - len(self.leaves):
            raise Unsafe(_("it has no layers, or too many"))
        if kind == "Sequential":
            _add_input(model, entries, built=bool(self.shape))
        else:
            _refuse_branches(config, entries)
        counts: Counter[str] = Counter()
        for entry in entries:
            trains = trainable and entry["config"].get("trainable") is not False
            self._read_entry(entry, f"{prefix}layers/{_group(entry, counts)}", top, trains)

    def _read_entry(self, entry: Config, group: str, top: str | None, trainable: bool) -> None:
        name = _name(entry)
        if entry["class_name"] == "InputLayer":
            self._take(_input_shape(entry["config"]), name)
        elif entry["class_name"] in MODELS:
            self.read_model(entry, f"{group}/", top or name, trainable)
        else:
            layer = _layer(entry, name, self.shape)
            self.leaves.append(Leaf(layer, f"{group}/vars", top or name, trainable))
            self.shape = layer.output_shape(self.shape)

    def _take(self, shape: Shape, name: str) -> None:
        if not self.first:
            self.first = self.shape = shape
        elif shape != self.shape:
            raise Unsupported(
                _("its layer {name} takes {shape} and receives {received}", name=name, shape=shape, received=self.shape)
            )


def _add_input(model: Config, entries: list[Any], *, built: bool) -> None:
    """Put an InputLayer in front of a Sequential without one, with the shape that the model was built for.

    `built`: the model is inside another one, from which it receives its shape.
    """
    first = entries[0]
    if built or first["class_name"] in ("InputLayer", *MODELS):
        return
    built_for = model["config"].get("build_input_shape") or (model.get("build_config") or {}).get("input_shape")
    shape = first["config"].get("batch_input_shape") or first["config"].get("batch_shape") or built_for
    if shape is None:
        raise Unsafe(_("it does not say which shape its images have"))
    entries.insert(0, {"class_name": "InputLayer", "config": {"name": "input", "batch_shape": shape}})


def _named(entry: Config) -> str:
    return str(entry["class_name"])[:80]


def _name(entry: Config) -> str:
    name = entry["config"]["name"]
    if not isinstance(name, str) or not name.isprintable() or not 0 < len(name) <= LONGEST_NAME:
        raise Unsafe(_("one of its layers has no printable name"))
    return name


def _is_from_keras(entry: Config) -> bool:
    """Return False if the entry says that its class is not one of Keras' own."""
    module, registered = entry.get("module"), entry.get("registered_name")
    from_keras = module is None or module == "keras" or (isinstance(module, str) and module.startswith("keras."))
    return from_keras and registered in (None, entry["class_name"])


def _group(entry: Config, counts: Counter[str]) -> str:
    """Return the name of a layer's group in a `.keras` file: its class in snake case, numbered from the second on.

    `counts`: how many layers of each class came before it.
    """
    snake = re.sub("([a-z])([A-Z])", r"\1_\2", re.sub("(.)([A-Z][a-z]+)", r"\1_\2", _named(entry))).lower()
    counts[snake] += 1
    return snake if counts[snake] == 1 else f"{snake}_{counts[snake] - 1}"


def _input_shape(config: Config) -> Shape:
    # the batch size is ignored: a Sequential without an Input records the one that it was fitted with
    _batch, *sizes = config["batch_shape"] if "batch_shape" in config else config["batch_input_shape"]
    if not 1 <= len(sizes) <= 4 or not all(type(size) is int and 1 <= size <= LARGEST_SIZE for size in sizes):
        raise Unsupported(_("it takes images of shape {sizes}", sizes=str(sizes)[:80]))
    return tuple(sizes)


def _layer(entry: Config, name: str, inputs: Shape) -> Layer:
    kind = LAYERS.get(entry["class_name"]) if isinstance(entry["class_name"], str) else None
    if kind is None or not _is_from_keras(entry):
        shown = _named(entry) if kind is None else str(entry.get("registered_name") or entry.get("module"))[:80]
        raise Unsupported(_("its layer {name} is a {kind}, which the lecture does not have", name=name, kind=shown))
    if not inputs:
        raise Unsafe(_("it does not say which shape its images have"))
    _refuse_unless_float32(entry["config"], name)
    options = _options(entry["config"], kind, name)
    try:
        layer = restore(kind, {"name": name, **options})
    except ValueError as error:
        raise Unsupported(
            _("its layer {name} has an option of the wrong type: {error}", name=name, error=error)
        ) from None
    for option, value in layer.options.items():
        if not _fits(option, value, inputs):
            raise Unsupported(
                _("its layer {name} has {option} {value}", name=name, option=option, value=str(value)[:60])
            )
    return layer


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
        elif not (_WITHOUT_EFFECT.fullmatch(key) or value is None or _has_no_effect_at(key, value)):
            raise Unsupported(
                _("its layer {name} has the option {option}, which is not known here", name=name, option=key[:40])
            )
    return options


def _has_no_effect_at(option: str, value: Any) -> bool:
    return option in _WITHOUT_EFFECT_AT and bool(value == _WITHOUT_EFFECT_AT[option])


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


def _refuse_branches(config: Config, entries: list[Config]) -> None:
    """Raise Unsupported unless each layer of a Functional takes the output of the one before it, and nothing else."""
    names = [_name(entry) for entry in entries]
    ends = [_only(config[key]) for key in ("input_layers", "output_layers")]
    sources = [list(_sources(entry)) for entry in entries]
    if ends != [names[0], names[-1]] or sources != [[], *([name] for name in names[:-1])]:
        raise Unsupported(_("its layers are not a chain: some have several inputs or outputs"))


def _only(ends: Any) -> Any:
    """Return the name in `ends`, the inputs or outputs of a model, if there is only one; else None.

    Keras writes one as `[name, node, tensor]`, alone or in a list; node and tensor are 0 in a chain.
    """
    end = ends[0] if len(ends) == 1 and isinstance(ends[0], list) else ends
    return end[0] if len(end) == 3 and list(end[1:]) == [0, 0] else None


def _sources(entry: Config) -> Iterator[Any]:
    """Yield the name of each layer whose output this one takes; None for a call that a chain does not have."""
    for node in entry["inbound_nodes"]:
        if isinstance(node, dict):  # Keras 3
            tensors = node["args"][0] if isinstance(node["args"][0], list) else node["args"]
            calls = [(*tensor["config"]["keras_history"], node["kwargs"]) for tensor in tensors]
        else:  # Keras 2
            calls = [tuple(call) for call in node]
        for name, *places, arguments in calls:
            plain = all(key in ("mask", "training") and value in (None, False) for key, value in arguments.items())
            yield name if places == [0, 0] and plain else None


def refuse_too_much(architecture: Architecture) -> None:
    """Raise Unsupported if one image would take seconds to compute, or gigabytes of memory."""
    limits = (
        (architecture.parameters, MOST_PARAMETERS, N_("it has {amount:,} parameters, more than {most:,}")),
        (architecture.widest, MOST_VALUES, N_("one image becomes {amount:,} values in it, more than {most:,}")),
        (
            architecture.products,
            MOST_PRODUCTS,
            N_("it takes {amount:,} multiplications for one image, more than {most:,}"),
        ),
    )
    for amount, most, sentence in limits:
        if amount > most:
            raise Unsupported(_(sentence, amount=amount, most=most))


def loss_name(compiled: Any) -> str:
    """Return the loss that a model was compiled with, like `sparse_categorical_crossentropy`; "" if there is none."""
    loss = compiled.get("loss") if isinstance(compiled, dict) else None
    if isinstance(loss, dict):
        loss = loss.get("config", {}).get("name") if isinstance(loss.get("config"), dict) else loss.get("config")
    return loss if isinstance(loss, str) else ""
