"""The layers of Keras that a foreign model may have: which options they take, and what shapes follow from them.

Worked out here and not by Keras, so that a model that would ask for more memory than there is never gets that far.
All shapes are of one image, without the batch dimension. Source: Keras' documentation of each layer.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, prod
from typing import Any, Final

from kerasnn.language import _
from kerasnn.networks.container import Unsafe

Shape = tuple[int, ...]
Options = Mapping[str, Any]
Check = Callable[[Any], bool]

MOST_UNITS: Final = 1_000_000
LONGEST_WINDOW: Final = 1_000
SLOWER_IN_GROUPS: Final = 32  # measured: TensorFlow computes a convolution in groups by a loop of its own
ACTIVATIONS: Final = {
    *("linear", "relu", "sigmoid", "tanh", "leaky_relu", "elu", "silu", "softmax", "selu", "gelu", "softplus"),
    *("relu6", "hard_sigmoid", "exponential", "swish", "softsign", "mish", "log_softmax"),
}


@dataclass(frozen=True)
class Kind:
    """What a layer takes, gives, keeps and costs, all but the first of its options and the shapes of its inputs.

    `products`: of numbers for one image, or what takes as long; what any layer does to each value comes on top.
    `beside`: values held for one image while it computes, beside what it receives, what it gives, and a few times that.
    `merges`: takes several inputs.
    """

    options: Mapping[str, Check]
    output: Callable[[Options, Sequence[Shape]], Shape]
    variables: Callable[[Options, Sequence[Shape]], tuple[Shape, ...]] = lambda options, inputs: ()
    merges: bool = False
    products: Callable[[Options, Sequence[Shape]], int] = lambda options, inputs: 0
    beside: Callable[[Options, Sequence[Shape]], int] = lambda options, inputs: 0


def _whole(low: int, high: int) -> Check:
    return lambda value: type(value) is int and low <= value <= high


def _number(value: Any) -> bool:
    return type(value) in (int, float) and isfinite(value) and abs(value) < 1e30


def _within(low: float, high: float) -> Check:
    return lambda value: _number(value) and low <= value <= high


def _list_of(check: Check, most: int) -> Check:
    return lambda value: isinstance(value, list) and 0 < len(value) <= most and all(map(check, value))


def _pair(check: Check) -> Check:
    return lambda value: isinstance(value, list) and len(value) == 2 and all(map(check, value))


def _one_of(*values: Any) -> Check:
    return lambda value: any(type(value) is type(each) and value == each for each in values)


def _activation(value: Any) -> bool:
    return isinstance(value, str) and value in ACTIVATIONS


_flag = _one_of(True, False)
_positive: Final = _within(0, 1e30)
_length: Final[Check] = lambda value: value == -1 or _whole(1, MOST_UNITS)(value)  # noqa: E731
_fraction: Final[Check] = lambda value: _number(value) and 0 <= value < 1  # noqa: E731
_last = _one_of("channels_last")
_window = _pair(_whole(1, LONGEST_WINDOW))


def same(options: Options, inputs: Sequence[Shape]) -> Shape:
    return inputs[0]


def _images(inputs: Sequence[Shape]) -> Shape:
    if len(inputs[0]) != 3:
        raise Unsafe(_("a layer for images receives values of shape {shape}", shape=inputs[0]))
    return inputs[0]


def _slid(options: Options, shape: Shape, window: str) -> tuple[int, int]:
    """Rows and columns after a window slid over `shape`."""
    sizes = []
    dilations = options.get("dilation_rate") or (1, 1)
    for size, length, step, dilation in zip(shape[:2], options[window], options["strides"], dilations, strict=False):
        reach = (length - 1) * dilation + 1
        sizes.append(-(-size // step) if options["padding"] == "same" else (size - reach) // step + 1)
    if min(sizes) < 1:
        raise Unsafe(
            _("a window of {window} slides over values of shape {shape}", window=tuple(options[window]), shape=shape)
        )
    return sizes[0], sizes[1]


def _stretched(options: Options, inputs: Sequence[Shape]) -> int:
    """Values of an image padded until the window has a whole place at each of them."""
    rows, columns = (
        size + length * dilation
        for size, length, dilation in zip(inputs[0], options["kernel_size"], options["dilation_rate"], strict=False)
    )
    return int(rows * columns * inputs[0][-1])


def _with_bias(options: Options, kernels: tuple[Shape, ...], units: int) -> tuple[Shape, ...]:
    return (*kernels, (units,)) if options["use_bias"] else kernels


def _dense_variables(options: Options, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
    return _with_bias(options, ((inputs[0][-1], options["units"]),), options["units"])


def _dense_output(options: Options, inputs: Sequence[Shape]) -> Shape:
    return (*inputs[0][:-1], options["units"])


def _dense_products(options: Options, inputs: Sequence[Shape]) -> int:
    return prod(inputs[0]) * int(options["units"])


def _conv_output(options: Options, inputs: Sequence[Shape]) -> Shape:
    strides, dilations = tuple(options["strides"]), tuple(options["dilation_rate"])
    if max(strides) > 1 and max(dilations) > 1:
        raise Unsafe(
            _("strides of {strides} together with a dilation of {dilations}", strides=strides, dilations=dilations)
        )
    return (*_slid(options, _images(inputs), "kernel_size"), options["filters"])


def _conv_variables(options: Options, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
    channels, filters, groups = inputs[0][-1], options["filters"], options["groups"]
    if channels % groups or filters % groups:
        raise Unsafe(
            _(
                "{channels} channels and {filters} filters in {groups} groups",
                channels=channels,
                filters=filters,
                groups=groups,
            )
        )
    return _with_bias(options, ((*options["kernel_size"], channels // groups, filters),), filters)


def _conv_products(options: Options, inputs: Sequence[Shape]) -> int:
    groups = int(options["groups"])
    products = prod(_conv_output(options, inputs)) * prod(options["kernel_size"]) * inputs[0][-1] // groups
    return products * (SLOWER_IN_GROUPS if groups > 1 else 1)


def _depthwise_output(options: Options, inputs: Sequence[Shape]) -> Shape:
    """One image a channel and multiplier; also the first half of a separable convolution."""
    image, strides = _images(inputs), tuple(options["strides"])
    if strides[0] != strides[1]:
        raise Unsafe(_("strides of {strides}, where TensorFlow wants equal ones", strides=strides))
    return (*_slid(options, image, "kernel_size"), image[-1] * options["depth_multiplier"])


def _depthwise_products(options: Options, inputs: Sequence[Shape]) -> int:
    dilated = max(options["dilation_rate"]) > 1
    steps = prod(options["strides"]) if dilated else 1  # all places are computed then, and some of them kept
    return prod(_depthwise_output(options, inputs)) * prod(options["kernel_size"]) * steps


def _depthwise_beside(options: Options, inputs: Sequence[Shape]) -> int:
    """With a dilation, all that is padded is laid out anew, and so is what is computed of it."""
    return _stretched(options, inputs) * (1 + int(options["depth_multiplier"]))


def _separable_output(options: Options, inputs: Sequence[Shape]) -> Shape:
    rows, columns, _channels = _depthwise_output(options, inputs)
    return (rows, columns, options["filters"])


def _separable_products(options: Options, inputs: Sequence[Shape]) -> int:
    return _depthwise_products(options, inputs) + prod(_depthwise_output(options, inputs)) * int(options["filters"])


def _depthwise_variables(options: Options, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
    channels, multiplier = inputs[0][-1], options["depth_multiplier"]
    return _with_bias(options, ((*options["kernel_size"], channels, multiplier),), channels * multiplier)


def _separable_variables(options: Options, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
    channels, multiplier, filters = inputs[0][-1], options["depth_multiplier"], options["filters"]
    kernels = ((*options["kernel_size"], channels, multiplier), (1, 1, channels * multiplier, filters))
    return _with_bias(options, kernels, filters)


def _pool_output(options: Options, inputs: Sequence[Shape]) -> Shape:
    image = _images(inputs)
    return (*_slid(options, image, "pool_size"), image[-1])


def _pool_products(options: Options, inputs: Sequence[Shape]) -> int:
    return prod(_pool_output(options, inputs)) * prod(options["pool_size"])


def _global_output(options: Options, inputs: Sequence[Shape]) -> Shape:
    channels = _images(inputs)[-1]
    return (1, 1, channels) if options["keepdims"] else (channels,)


def _padded_output(options: Options, inputs: Sequence[Shape]) -> Shape:
    rows, columns, channels = _images(inputs)
    (above, below), (left, right) = options["padding"]
    return (rows + above + below, columns + left + right, channels)


def _reshaped(options: Options, inputs: Sequence[Shape]) -> Shape:
    target, size = tuple(options["target_shape"]), prod(inputs[0])
    if target.count(-1) > 1:
        raise Unsafe(_("values of shape {shape} reshaped to {target}", shape=inputs[0], target=target))
    known = prod(length for length in target if length != -1)
    shape = tuple(size // known if length == -1 else length for length in target)
    if prod(shape) != size:
        raise Unsafe(_("values of shape {shape} reshaped to {target}", shape=inputs[0], target=target))
    return shape


def _normalised(*extra: str) -> Callable[[Options, Sequence[Shape]], tuple[Shape, ...]]:
    def variables(options: Options, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        wanted = [options["scale"], options["center"], *(True for _ in extra)]
        return tuple((inputs[0][-1],) for each in wanted if each)

    return variables


def _merged(options: Options, inputs: Sequence[Shape]) -> Shape:
    if any(shape != inputs[0] for shape in inputs):
        raise Unsafe(_("values of shapes {shape} and {shape2} are merged", shape=inputs[0], shape2=inputs[-1]))
    return inputs[0]


def _concatenated(options: Options, inputs: Sequence[Shape]) -> Shape:
    if any(shape[:-1] != inputs[0][:-1] for shape in inputs):
        raise Unsafe(_("values of shapes {shape} and {shape2} are put together", shape=inputs[0], shape2=inputs[-1]))
    return (*inputs[0][:-1], sum(shape[-1] for shape in inputs))


_SLIDING: Final[Mapping[str, Check]] = {
    "strides": _window,
    "padding": _one_of("valid", "same"),
    "data_format": _last,
}
_CONVOLVING: Final[Mapping[str, Check]] = {
    **_SLIDING,
    "kernel_size": _window,
    "dilation_rate": _window,
    "activation": _activation,
    "use_bias": _flag,
}
_FILTERS: Final[Mapping[str, Check]] = {"filters": _whole(1, MOST_UNITS)}
_MULTIPLIER: Final[Mapping[str, Check]] = {"depth_multiplier": _whole(1, 1_000)}
_NORMALISING: Final[Mapping[str, Check]] = {"epsilon": _positive, "center": _flag, "scale": _flag}
_LAST_AXIS: Final = lambda value: _one_of(-1)(value) or value == [-1]  # noqa: E731

KINDS: Final[Mapping[str, Kind]] = {
    "Flatten": Kind({"data_format": _last}, lambda options, inputs: (prod(inputs[0]),)),
    "Dense": Kind(
        {"units": _whole(1, MOST_UNITS), "activation": _activation, "use_bias": _flag},
        _dense_output,
        _dense_variables,
        products=_dense_products,
    ),
    "Dropout": Kind({"rate": _fraction}, same),
    "SpatialDropout2D": Kind({"rate": _fraction, "data_format": _last}, lambda options, inputs: _images(inputs)),
    "GaussianDropout": Kind({"rate": _fraction}, same),
    "GaussianNoise": Kind({"stddev": _within(0, 1)}, same),
    "Activation": Kind({"activation": _activation}, same),
    "ReLU": Kind({"max_value": _positive, "negative_slope": _positive, "threshold": _positive}, same),
    "LeakyReLU": Kind({"negative_slope": _positive}, same),
    "ELU": Kind({"alpha": _number}, same),
    "Softmax": Kind({"axis": _one_of(-1)}, same),
    "Rescaling": Kind({"scale": _number, "offset": _number}, same),
    "Reshape": Kind({"target_shape": _list_of(_length, 5)}, _reshaped),
    "BatchNormalization": Kind(
        {**_NORMALISING, "axis": _one_of(-1), "momentum": _number, "renorm": _one_of(False)},
        same,
        _normalised("moving mean", "moving variance"),
    ),
    "LayerNormalization": Kind(
        {**_NORMALISING, "axis": _LAST_AXIS, "rms_scaling": _one_of(False)}, same, _normalised()
    ),
    "Conv2D": Kind(
        {**_CONVOLVING, **_FILTERS, "groups": _whole(1, MOST_UNITS)},
        _conv_output,
        _conv_variables,
        products=_conv_products,
        beside=_stretched,
    ),
    "DepthwiseConv2D": Kind(
        {**_CONVOLVING, **_MULTIPLIER},
        _depthwise_output,
        _depthwise_variables,
        products=_depthwise_products,
        beside=_depthwise_beside,
    ),
    "SeparableConv2D": Kind(
        {**_CONVOLVING, **_FILTERS, **_MULTIPLIER},
        _separable_output,
        _separable_variables,
        products=_separable_products,
        beside=_depthwise_beside,
    ),
    "MaxPooling2D": Kind({**_SLIDING, "pool_size": _window}, _pool_output, products=_pool_products),
    "AveragePooling2D": Kind({**_SLIDING, "pool_size": _window}, _pool_output, products=_pool_products),
    "GlobalAveragePooling2D": Kind({"data_format": _last, "keepdims": _flag}, _global_output),
    "GlobalMaxPooling2D": Kind({"data_format": _last, "keepdims": _flag}, _global_output),
    "ZeroPadding2D": Kind({"padding": _pair(_pair(_whole(0, LONGEST_WINDOW))), "data_format": _last}, _padded_output),
    "Add": Kind({}, _merged, merges=True),
    "Multiply": Kind({}, _merged, merges=True),
    "Average": Kind({}, _merged, merges=True),
    "Maximum": Kind({}, _merged, merges=True),
    "Concatenate": Kind({"axis": _one_of(-1)}, _concatenated, merges=True),
}

# options that only training looks at, or that say again what is said elsewhere
UNUSED: Final = {
    *("name", "trainable", "dtype", "seed", "synchronized", "activity_regularizer", "renorm_momentum"),
    *(
        f"{part}_{use}"
        for part in ("kernel", "bias", "beta", "gamma", "depthwise", "pointwise", "moving_mean", "moving_variance")
        for use in ("initializer", "regularizer", "constraint")
    ),
}
