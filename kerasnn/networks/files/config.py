"""Turn a model's configuration, as any release of Keras writes it, into the lecture's layers.

Only plain values are read, never code. Whatever does not affect predictions (optimizer, metrics, ...) is ignored; any
layer that the lecture does not have is refused by name. `layer_config` reads a single layer.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from kerasnn.language import N_, _
from kerasnn.lecture.layer import Layer, Shape
from kerasnn.networks.architecture import Architecture
from kerasnn.networks.files import Unsafe, Unsupported
from kerasnn.networks.files.layer_config import LARGEST_SIZE, Config, class_of, is_from_keras, name_of, read_layer

MOST_LAYERS: Final = 300
MOST_PARAMETERS: Final = 50_000_000
MOST_VALUES: Final = 1_000_000  # between two layers, per image
MOST_PRODUCTS: Final = 200_000_000  # per image; they take half a second
_TOO_LONG: Final = N_("it takes {amount:,} multiplications for one image, more than {most:,}")
WHOLE: Final = ("uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64")  # whole numbers that hold 255
MODELS: Final = ("Sequential", "Functional", "Model")  # Keras 2 called a Functional a Model


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
    """The network that a configuration describes: layers in the order of computation, inner models flattened.

    `whole`: its input is one of whole numbers.
    """

    architecture: Architecture
    leaves: tuple[Leaf, ...]
    whole: bool = False


def describe(config: Any) -> Described:
    """Read `config`, a model's configuration as Keras writes it into config.json.

    Raises: Unsafe if it is damaged or not a model; Unsupported if it has something that the lecture does not.
    """
    reader = _Reader()
    try:
        reader.read_model(config, "", None, True)
        if not reader.leaves:
            raise Unsafe(_("it has no layers, or too many"))
        frozen = frozenset(place for place, leaf in enumerate(reader.leaves) if not leaf.trainable)
        architecture = Architecture(reader.first, tuple(leaf.layer for leaf in reader.leaves), frozen)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise Unsafe(_("its configuration is damaged: {error}", error=str(error)[:200])) from None
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise Unsafe(
            _("its configuration lacks something, or has another form: {error}", error=str(error)[:200])
        ) from None
    return Described(architecture, tuple(reader.leaves), reader.whole)


@dataclass
class _Reader:
    """Collects the layers of nested models. `first`: input shape of the whole; `shape`: of the next layer.

    Both are shapes of one image, empty until an input has been read. `whole`: an input is one of whole numbers.
    """

    leaves: list[Leaf] = field(default_factory=list)
    shape: Shape = ()
    first: Shape = ()
    whole: bool = False

    def read_model(self, model: Config, prefix: str, top: str | None, trainable: bool) -> None:
        """Add the layers of `model`; `prefix`: the place of its variables; `top`, `trainable`: as in Leaf."""
        kind, config = model["class_name"], model["config"]
        if kind not in MODELS or not is_from_keras(model):
            raise Unsupported(
                _("it is a {model}, where a Sequential or a Functional was expected", model=class_of(model))
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
        name = name_of(entry)
        if entry["class_name"] == "InputLayer":
            self._take(_input_shape(entry["config"]), name)
            self.whole |= self._takes_whole(entry["config"].get("dtype"), name)
        elif entry["class_name"] in MODELS:
            self.read_model(entry, f"{group}/", top or name, trainable)
        else:
            layer = read_layer(entry, name, self.shape)
            self.leaves.append(Leaf(layer, f"{group}/vars", top or name, trainable))
            self.shape = layer.output_shape(self.shape)

    def _take(self, shape: Shape, name: str) -> None:
        if not self.first:
            self.first = self.shape = shape
        elif shape != self.shape:
            raise Unsupported(
                _("its layer {name} takes {shape} and receives {received}", name=name, shape=shape, received=self.shape)
            )

    def _takes_whole(self, dtype: Any, name: str) -> bool:
        """Return whether an input takes only whole numbers, as pixels from 0 to 255 are."""
        if dtype in (None, "float32", "float64"):  # the first layer makes float32 of both
            return False
        if dtype not in WHOLE or self.leaves:  # behind a layer it would round
            raise Unsupported(_("its layer {name} is not float32", name=name))
        return True


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


def _group(entry: Config, counts: Counter[str]) -> str:
    """Return the name of a layer's group in a `.keras` file: its class in snake case, numbered from the second on.

    `counts`: how many layers of each class came before it.
    """
    snake = re.sub("([a-z])([A-Z])", r"\1_\2", re.sub("(.)([A-Z][a-z]+)", r"\1_\2", class_of(entry))).lower()
    counts[snake] += 1
    return snake if counts[snake] == 1 else f"{snake}_{counts[snake] - 1}"


def _input_shape(config: Config) -> Shape:
    # the batch size is ignored: a Sequential without an Input records the one that it was fitted with
    _batch, *sizes = config["batch_shape"] if "batch_shape" in config else config["batch_input_shape"]
    if not 1 <= len(sizes) <= 4 or not all(type(size) is int and 1 <= size <= LARGEST_SIZE for size in sizes):
        raise Unsupported(_("it takes images of shape {sizes}", sizes=str(sizes)[:80]))
    return tuple(sizes)


def _refuse_branches(config: Config, entries: list[Config]) -> None:
    """Raise Unsupported unless each layer of a Functional takes the output of the one before it, and nothing else."""
    names = [name_of(entry) for entry in entries]
    if [_only(config[key]) for key in ("input_layers", "output_layers")] != [names[0], names[-1]]:
        raise Unsupported(_("its layers are not a chain: some have several inputs or outputs"))
    for entry, before in zip(entries, [[], *([name] for name in names)], strict=False):
        if list(_sources(entry)) != before:
            raise Unsupported(
                _(
                    "its layers are not a chain: {name} takes more than the output of the one before",
                    name=name_of(entry),
                )
            )


def _only(ends: Any) -> Any:
    """Return the name in `ends`, the inputs or outputs of a model, if there is only one; else None.

    Keras writes one as `[name, node, tensor]`, alone, in a list, or in an object under a name that its author chose;
    node and tensor are 0 in a chain.
    """
    match [*ends.values()] if isinstance(ends, dict) else ends:
        case [name, 0, 0] | [[name, 0, 0]]:
            return name
    return None


def _sources(entry: Config) -> Iterator[Any]:
    """Yield the name of each layer whose output this one takes; None for what a chain does not have."""
    for node in entry["inbound_nodes"]:
        match node:
            case {"args": [[*tensors]] | [*tensors], "kwargs": arguments}:  # Keras 3
                yield from (_source(tensor, arguments) for tensor in tensors)
            case [[*_first], *_others]:  # Keras 2
                yield from (_source(call[:-1], call[-1]) for call in node)
            case _:
                yield None


def _source(tensor: Any, arguments: Any) -> Any:
    """Return the name of the layer that `tensor` comes from; None for a number, or with `arguments` that matter."""
    match tensor:
        case {"config": {"keras_history": [name, 0, 0]}} | [name, 0, 0]:
            plain = all(key in ("mask", "training") and value in (None, False) for key, value in arguments.items())
            return name if plain else None
    return None


def refuse_too_much(architecture: Architecture) -> None:
    """Raise Unsupported if one image would take seconds to compute, or gigabytes of memory."""
    for sentence, amount, most in (
        (N_("it has {amount:,} parameters, more than {most:,}"), architecture.parameters, MOST_PARAMETERS),
        (N_("one image becomes {amount:,} values in it, more than {most:,}"), architecture.widest, MOST_VALUES),
        (_TOO_LONG, architecture.products, MOST_PRODUCTS),
    ):
        if amount > most:
            raise Unsupported(_(sentence, amount=amount, most=most))
