"""The configuration of a model file, made into a plan: layers of kinds on a list, with every shape worked out.

A plan is made of plain values alone. What cannot be planned is refused, and Keras never sees the configuration.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, Final

from kerasnn.files.untrusted import parse_json
from kerasnn.language import _
from kerasnn.lecture.activations import ACTIVATIONS
from kerasnn.lecture.layers import BatchNormalization, Dense, Dropout, Flatten, Layer
from kerasnn.networks.architecture import Architecture
from kerasnn.networks.container import Unsafe
from kerasnn.networks.kinds import KINDS, MOST_UNITS, UNUSED, Kind, Options, Shape
from kerasnn.records import LayerSummary, ModelSummary, ParameterCount

MOST_LAYERS: Final = 300
LONGEST_NAME: Final = 200
MOST_PARAMETERS: Final = 100_000_000
MOST_VALUES: Final = 8_000_000  # of one image, between two layers
MOST_HELD: Final = 128_000_000  # of one image, at one time
MOST_PRODUCTS: Final = 20_000_000_000  # for one image, in all layers: some seconds
PRODUCTS_A_VALUE: Final = 32  # what a layer does to a value takes as long as so many products
PRODUCTS_A_CALL: Final = 5_000_000  # and so long to begin
PRODUCTS_A_COMPILATION: Final = 300_000_000  # which TensorFlow does anew for each batch of a convolution in groups
COPIES: Final = 6  # of what a layer gives, while it is computed
MODULES: Final = {
    *("keras", "keras.layers", "keras.initializers", "keras.regularizers", "keras.constraints"),
    *("keras.optimizers", "keras.losses", "keras.metrics", "keras.optimizers.schedules"),
    "keras.src.models.functional",
    # on PyTorch an optimizer's class is another one, and a file names it
    *(f"keras.src.backend.torch.optimizers.torch_{name}" for name in ("adadelta", "adagrad", "adam", "adamax")),
    *(f"keras.src.backend.torch.optimizers.torch_{name}" for name in ("adamw", "lion", "nadam", "rmsprop", "sgd")),
}


@dataclass(frozen=True)
class PlannedLayer:
    """`inputs`: names of the layers it receives from. `output`: shape of its values for one image.

    `variables`: shapes by the places they have in the file of weights. `products`, `beside`: as of its Kind, with
    what any layer takes.
    """

    name: str
    kind: str
    options: Options
    inputs: tuple[str, ...]
    output: Shape
    variables: Mapping[str, Shape]
    products: int
    beside: int

    @property
    def products_a_batch(self) -> int:
        """What it takes to begin with a batch, in the time of so many products."""
        return PRODUCTS_A_CALL + (PRODUCTS_A_COMPILATION if self.options.get("groups", 1) > 1 else 0)

    @property
    def parameters(self) -> int:
        return sum(map(prod, self.variables.values()))

    @property
    def formula(self) -> str:
        """How its parameters are counted: `3 x 3 x 1 x 8 + 8 = 80`; empty where it has none."""
        parts = [" x ".join(map(str, shape)) for shape in self.variables.values()]
        return f"{' + '.join(parts)} = {self.parameters:,}" if parts else ""


@dataclass(frozen=True)
class Plan:
    """`input_name`: of the layer that takes the images, of `input_shape`. The last layer gives the probabilities."""

    input_name: str
    input_shape: Shape
    layers: tuple[PlannedLayer, ...]

    @property
    def parameters(self) -> int:
        return sum(layer.parameters for layer in self.layers)

    @property
    def products(self) -> int:
        """For one image."""
        return sum(layer.products for layer in self.layers)

    @property
    def products_a_batch(self) -> int:
        return sum(layer.products_a_batch for layer in self.layers)

    @property
    def held(self) -> int:
        """Values of one image at one time: Keras keeps what every layer gives until the last one is computed."""
        outputs = sum(prod(layer.output) for layer in self.layers)
        return prod(self.input_shape) + outputs + max(layer.beside for layer in self.layers)

    @property
    def places(self) -> tuple[str, ...]:
        return tuple(place for layer in self.layers for place in layer.variables)

    def summary(self, name: str) -> ModelSummary:
        """Each layer with its output and its parameters, as Keras' `model.summary()` counts them."""
        rows = tuple(
            LayerSummary(layer.name, layer.kind, (None, *layer.output), layer.parameters, layer.formula)
            for layer in self.layers
        )
        fixed = sum(
            prod(shape)
            for layer in self.layers
            if layer.kind == "BatchNormalization"
            for shape in list(layer.variables.values())[-2:]
        )
        count = ParameterCount(self.parameters, self.parameters - fixed, fixed)
        return ModelSummary(name, (None, *self.input_shape), rows, count)


def make_plan(content: bytes) -> Plan:
    """The plan that `content`, a config.json, describes.

    Raises: Unsafe where it is no model, has layers or options that are not on the list, does not classify single
    images, or asks for too much.
    """
    try:
        config = parse_json(content)
        _refuse_modules(config)
        plan = _plan(config)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise Unsafe(_("its configuration is damaged: {error}", error=str(error)[:200])) from None
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise Unsafe(
            _("its configuration lacks something, or has another form: {error}", error=str(error)[:200])
        ) from None
    _refuse_too_much(plan)
    _refuse_no_classifier(plan)
    return plan


def architecture_of(plan: Plan) -> Architecture | None:
    """The plan as an architecture of the lecture, or None where it has something the lecture does not."""
    layers: list[Layer] = []
    before = plan.input_name
    for layer in plan.layers:
        if layer.inputs != (before,):
            return None
        before = layer.name
        match layer.kind:
            case "Flatten":
                layers.append(Flatten(layer.name))
            case "Dropout":
                layers.append(Dropout(layer.name, float(layer.options["rate"])))
            case "Dense" if layer.options["use_bias"]:
                layers.append(Dense(layer.name, layer.options["units"], layer.options["activation"]))
            case "BatchNormalization" if layer.options["center"] and layer.options["scale"]:
                layers.append(BatchNormalization(layer.name, layer.options["momentum"], layer.options["epsilon"]))
            case _:
                return None
    dense = [layer for layer in layers if isinstance(layer, Dense)]
    flat = len(plan.input_shape) == 1 or isinstance(layers[0], Flatten)
    if not flat or not dense or layers[-1] is not dense[-1] or dense[-1].activation != "softmax":
        return None
    known = all(layer.activation in ACTIVATIONS for layer in dense[:-1])
    return Architecture(plan.input_shape, tuple(layers)) if known else None


def _refuse_modules(config: Any) -> None:
    """Refuse whatever, anywhere in `config`, names code that is not Keras' own."""
    for value in _objects(config):
        named = value.get("module", "keras.layers")
        kind, registered = value.get("class_name"), value.get("registered_name")
        plain_loss = (named, kind) == ("builtins", "function")
        if not plain_loss and named not in (None, *MODULES):
            raise Unsafe(_("it names code outside Keras, '{named}'", named=str(named)[:80]))
        if registered not in (None, kind):
            raise Unsafe(_("it names code outside Keras, '{named}'", named=str(registered)[:80]))


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, dict):
        if "class_name" in value or "module" in value:
            yield value
        for item in value.values():
            yield from _objects(item)
    elif isinstance(value, list):
        for item in value:
            yield from _objects(item)


def _plan(config: Mapping[str, Any]) -> Plan:
    model = config["class_name"]
    if model not in ("Sequential", "Functional"):
        raise Unsafe(_("it is a {model}, where a Sequential or a Functional was expected", model=str(model)[:80]))
    entries = config["config"]["layers"]
    if not isinstance(entries, list) or not 2 <= len(entries) <= MOST_LAYERS:
        raise Unsafe(_("it has no layers, or too many"))
    first, *rest = entries
    if first["class_name"] != "InputLayer":
        raise Unsafe(_("it does not say which shape its images have"))
    input_name, input_shape = _name(first), _input_shape(first["config"]["batch_shape"])
    shapes: dict[str, Shape] = {input_name: input_shape}
    counts: Counter[str] = Counter()
    layers: list[PlannedLayer] = []
    for entry in rest:
        inputs = (next(reversed(shapes)),) if model == "Sequential" else _inbound(entry)
        layer = _plan_layer(entry, inputs, shapes, counts)
        shapes[layer.name] = layer.output
        layers.append(layer)
    if model == "Functional" and _ends(config["config"]) != (input_name, layers[-1].name):
        raise Unsafe(_("it has several inputs or outputs, or its last layer is not its output"))
    return Plan(input_name, input_shape, tuple(layers))


def _plan_layer(
    entry: Mapping[str, Any], inputs: tuple[str, ...], shapes: Mapping[str, Shape], counts: Counter[str]
) -> PlannedLayer:
    kind_name, name = entry["class_name"], _name(entry)
    if not isinstance(kind_name, str) or kind_name not in KINDS:
        raise Unsafe(
            _(
                "it has a layer {kind}, which is not on the list of those that are opened",
                kind=str(kind_name)[:80],
            )
        )
    kind = KINDS[kind_name]
    if name in shapes or any(each not in shapes for each in inputs) or (len(inputs) != 1 and not kind.merges):
        raise Unsafe(_("its layer {name} is not connected as a {kind} can be", name=name, kind=kind_name))
    options = _options(entry["config"], kind, name)
    received = [shapes[each] for each in inputs]
    output, variables = kind.output(options, received), kind.variables(options, received)
    _check_build(entry, received)
    group = _group(kind_name, counts)
    places = {f"layers/{group}/vars/{number}": shape for number, shape in enumerate(variables)}
    products = kind.products(options, received) + PRODUCTS_A_VALUE * sum(map(prod, (*received, output)))
    beside = kind.beside(options, received) + COPIES * prod(output)
    return PlannedLayer(name, kind_name, options, inputs, output, places, products, beside)


def _name(entry: Mapping[str, Any]) -> str:
    name = entry["config"]["name"]
    if not isinstance(name, str) or not name.isprintable() or not 0 < len(name) <= LONGEST_NAME:
        raise Unsafe(_("one of its layers has no name that could be shown"))
    return name


def _input_shape(batch_shape: Any) -> Shape:
    batch, *sizes = batch_shape
    if batch is not None or not 1 <= len(sizes) <= 4:
        raise Unsafe(_("it takes {batch_shape}, which is not one image at a time", batch_shape=str(batch_shape)[:80]))
    if not all(type(size) is int and 1 <= size <= MOST_UNITS for size in sizes):
        raise Unsafe(_("it takes images of shape {sizes}", sizes=str(sizes)[:80]))
    return tuple(sizes)


def _options(config: Mapping[str, Any], kind: Kind, name: str) -> dict[str, Any]:
    """The options of a layer that matter to what it computes, each checked."""
    dtype = config.get("dtype", "float32")
    if (dtype["config"]["name"] if isinstance(dtype, dict) else dtype) != "float32":
        raise Unsafe(_("its layer {name} is not float32", name=name))
    options = {}
    for option, value in config.items():
        if option in kind.options and (value is not None or option == "max_value"):
            if value is not None and not kind.options[option](value):
                raise Unsafe(
                    _("its layer {name} has {option} {value}", name=name, option=option[:40], value=str(value)[:60])
                )
            options[option] = value
        elif value is not None and option not in UNUSED:
            raise Unsafe(
                _("its layer {name} has the option {option}, which is not known here", name=name, option=option[:40])
            )
    missing = kind.options.keys() - options.keys()
    if missing:
        raise Unsafe(_("its layer {name} does not say its {missing}", name=name, missing=min(missing)))
    return options


def _check_build(entry: Mapping[str, Any], received: Sequence[Shape]) -> None:
    told = (entry.get("build_config") or {}).get("input_shape")
    if told is None:
        return
    shapes = told if isinstance(told[0], list) else [told]
    if [tuple(shape[1:]) for shape in shapes] != list(received):
        raise Unsafe(
            _(
                "its layer {name} was built for {told} and receives {received}",
                name=_name(entry),
                told=str(told)[:80],
                received=list(received)[:3],
            )
        )


def _group(kind: str, counts: Counter[str]) -> str:
    """Where Keras keeps the variables of a layer: the name of its class in snake case, numbered from the second on."""
    snake = re.sub("([a-z])([A-Z])", r"\1_\2", re.sub("(.)([A-Z][a-z]+)", r"\1_\2", kind)).lower()
    counts[snake] += 1
    return snake if counts[snake] == 1 else f"{snake}_{counts[snake] - 1}"


def _inbound(entry: Mapping[str, Any]) -> tuple[str, ...]:
    node: Mapping[str, Any]
    (node,) = entry["inbound_nodes"]
    (argument,) = node["args"]
    if any(key not in ("mask", "training") or value not in (None, False) for key, value in node["kwargs"].items()):
        raise Unsafe(_("its layer {name} is called in a way that is not known here", name=_name(entry)))
    tensors = argument if isinstance(argument, list) else [argument]
    names = []
    for tensor in tensors:
        name, node_number, tensor_number = tensor["config"]["keras_history"]
        if tensor["class_name"] != "__keras_tensor__" or (node_number, tensor_number) != (0, 0):
            raise Unsafe(_("its layer {name} receives a value that is not known here", name=_name(entry)))
        names.append(str(name))
    return tuple(names)


def _ends(config: Mapping[str, Any]) -> tuple[str, str]:
    """The names of the only input and the only output of a Functional."""
    ends = []
    for key in ("input_layers", "output_layers"):
        told = config[key]
        layer = told[0] if len(told) == 1 and isinstance(told[0], list) else told
        name, _, _ = layer
        ends.append(str(name))
    return ends[0], ends[1]


def _refuse_no_classifier(plan: Plan) -> None:
    if len(plan.layers[-1].output) != 1:
        raise Unsafe(
            _(
                "it gives values of shape {shape}, where one probability a class was expected",
                shape=plan.layers[-1].output,
            )
        )


def _refuse_too_much(plan: Plan) -> None:
    if plan.parameters > MOST_PARAMETERS:
        raise Unsafe(
            _(
                "it has {parameters:,} parameters, more than {MOST_PARAMETERS:,}",
                parameters=plan.parameters,
                MOST_PARAMETERS=MOST_PARAMETERS,
            )
        )
    largest = max(prod(layer.output) for layer in plan.layers)
    if max(largest, prod(plan.input_shape)) > MOST_VALUES:
        raise Unsafe(
            _(
                "one image becomes {largest:,} values in it, more than {MOST_VALUES:,}",
                largest=largest,
                MOST_VALUES=MOST_VALUES,
            )
        )
    if plan.held > MOST_HELD:
        raise Unsafe(
            _(
                "one image takes {held:,} values at one time in it, more than {MOST_HELD:,}",
                held=plan.held,
                MOST_HELD=MOST_HELD,
            )
        )
    products = plan.products + plan.products_a_batch
    if products > MOST_PRODUCTS:
        raise Unsafe(
            _(
                "it takes {products:,} products for one image, more than {MOST_PRODUCTS:,}",
                products=products,
                MOST_PRODUCTS=MOST_PRODUCTS,
            )
        )
