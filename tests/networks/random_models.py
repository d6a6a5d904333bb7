"""Models drawn at random from the whole list of layers that are opened, with options good and bad, as `.keras` files.

`python -m tests.networks.random_models COUNT [FIRST]` opens so many and asks each about some images.
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np

from kerasnn.errors import ModelFileError
from kerasnn.networks.classifier import in_batches
from kerasnn.networks.container import Unsafe
from kerasnn.networks.kinds import ACTIVATIONS, KINDS, Options, Shape
from kerasnn.networks.plan import make_plan
from kerasnn.networks.storage import open_classifier
from tests.faults.hostile_models import CONFIG, METADATA, WEIGHTS, hdf5, layer, pack

IMAGES: Final = 3
MOST_PRODUCTS: Final = 200_000_000  # what is dearer is only made, not asked
TRIES: Final = 12
NUMBERS: Final = (0, 1, 2, -1, 3.5, 0.5, -0.5, 1e-9, 1e29, -1e29, 1e38)
FRACTIONS: Final = (0, 0.0, 0.1, 0.5, 0.999, 1, 1.0, -0.1)
SIZES: Final = (1, 1, 2, 2, 3, 3, 4, 5, 7, 0, -1, 60)

Draw = Callable[[Random], Any]


def _pair(*values: int) -> Draw:
    return lambda random: [random.choice(values), random.choice(values)]


def _twice(*values: int) -> Draw:
    return lambda random: [random.choice(values)] * 2


def _either(*draws: Draw) -> Draw:
    return lambda random: random.choice(draws)(random)


def _one_of(*values: Any) -> Draw:
    return lambda random: random.choice(values)


OPTIONS: Final[dict[str, Draw]] = {
    "data_format": _one_of(*["channels_last"] * 9, "channels_first"),
    "units": _one_of(1, 2, 3, 5, 8, 100),
    "filters": _one_of(1, 2, 3, 4, 6, 8),
    "groups": _one_of(1, 1, 1, 2, 3, 4),
    "depth_multiplier": _one_of(1, 1, 2, 3, 100),
    "activation": _one_of(*sorted(ACTIVATIONS), "nothing"),
    "use_bias": _one_of(True, False),
    "rate": _one_of(*FRACTIONS),
    "stddev": _one_of(*NUMBERS),
    "max_value": _one_of(None, *NUMBERS),
    "negative_slope": _one_of(*NUMBERS),
    "threshold": _one_of(*NUMBERS),
    "alpha": _one_of(*NUMBERS),
    "scale": _one_of(*NUMBERS),
    "offset": _one_of(*NUMBERS),
    "epsilon": _one_of(0.001, 1e-7, *NUMBERS),
    "momentum": _one_of(0.99, *NUMBERS),
    "center": _one_of(True, False),
    "axis": _one_of(*[-1] * 6, [-1], 0, 1, 3),
    "renorm": _one_of(*[False] * 9, True),
    "rms_scaling": _one_of(*[False] * 9, True),
    "keepdims": _one_of(True, False),
    "strides": _either(_twice(1), _twice(2, 3, 5), _pair(1, 2, 3)),
    "padding": _one_of("valid", "same"),
    "kernel_size": _pair(1, 1, 2, 3, 3, 5, 60),
    "dilation_rate": _either(_twice(1), _twice(1), _pair(1, 2, 3, 40)),
    "pool_size": _pair(1, 2, 2, 3, 5, 60),
    "target_shape": lambda random: random.choices((1, 1, 2, 3, 4, -1, -1, 0, 6), k=random.randint(1, 4)),
}


def _options(kind: str, random: Random) -> dict[str, Any]:
    options = {name: OPTIONS[name](random) for name in KINDS[kind].options}
    if kind == "ZeroPadding2D":
        options["padding"] = [_pair(0, 1, 2, 3)(random), _pair(0, 1, 40)(random)]
    if kind in ("BatchNormalization", "LayerNormalization"):
        options["scale"] = random.random() < 0.5
    return options


def _output(kind: str, options: Options, received: Sequence[Shape]) -> Shape | None:
    """What the layer gives, where it can be."""
    if not all(value is None or KINDS[kind].options[name](value) for name, value in options.items()):
        return None
    try:
        KINDS[kind].variables(options, received)
        return KINDS[kind].output(options, received)
    except (Unsafe, ArithmeticError, LookupError):
        return None


class _Network:
    """A configuration that grows layer by layer."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.functional = random.random() < 0.5
        rank = random.choice((1, 2, 3, 3, 3, 3, 4))
        self.shapes: dict[str, Shape] = {"input": tuple(random.choice(SIZES[:9]) for _ in range(rank))}
        image = {"name": "input", "batch_shape": [None, *self.shapes["input"]]}
        self.layers: list[dict[str, Any]] = [self._entry({"class_name": "InputLayer", "config": image}, ())]
        self.broken = False

    def _entry(self, entry: dict[str, Any], inputs: Sequence[str]) -> dict[str, Any]:
        tensors = [{"class_name": "__keras_tensor__", "config": {"keras_history": [name, 0, 0]}} for name in inputs]
        merges = entry["class_name"] in KINDS and KINDS[entry["class_name"]].merges
        nodes = [{"args": [tensors if merges else tensors[0]], "kwargs": {}}] if inputs else []
        return {**entry, "name": entry["config"]["name"], "inbound_nodes": nodes} if self.functional else entry

    def grow(self, kinds: Sequence[str]) -> None:
        """A layer of one of the `kinds` that fits, or now and then one that does not."""
        for _ in range(TRIES):
            kind = self.random.choice(kinds)
            inputs = self._inputs(kind)
            options = _options(kind, self.random)
            output = _output(kind, options, [self.shapes[name] for name in inputs])
            if output is not None or self.random.random() < 0.02:
                return self._add(kind, inputs, options, output)
        return None

    def _inputs(self, kind: str) -> tuple[str, ...]:
        last = next(reversed(self.shapes))
        if not self.functional or not KINDS[kind].merges:
            return (last,)
        fitting = [name for name, shape in self.shapes.items() if shape[:-1] == self.shapes[last][:-1]]
        return (last, *self.random.choices(fitting, k=self.random.randint(0, 2)))

    def _add(self, kind: str, inputs: Sequence[str], options: Options, output: Shape | None) -> None:
        name = f"{kind.lower()}_{len(self.layers)}"
        self.layers.append(self._entry(layer(kind, **{**options, "name": name}), inputs))
        self.broken |= output is None
        self.shapes[name] = output or (1,)

    def configuration(self) -> bytes:
        last = next(reversed(self.shapes))
        config: dict[str, Any] = {"name": "random", "layers": self.layers}
        if self.functional:
            config |= {"input_layers": [["input", 0, 0]], "output_layers": [[last, 0, 0]]}
        kind = "Functional" if self.functional else "Sequential"
        return json.dumps({"class_name": kind, "config": config}).encode()


def configuration(random: Random) -> bytes:
    """The configuration of a network that mostly could be one."""
    network = _Network(random)
    for _ in range(random.randint(1, 8)):
        if not network.broken:
            network.grow(sorted(KINDS))
    if not network.broken and len(network.shapes[next(reversed(network.shapes))]) > 1:
        network.grow(("Flatten", "Flatten", "GlobalMaxPooling2D", "GlobalAveragePooling2D"))
    if not network.broken and random.random() < 0.7:
        network.grow(("Dense",))
    return network.configuration()


def write(path: Path, random: Random) -> None:
    """A model as a file, with weights for what is planned of it."""
    config = configuration(random)
    arrays: dict[str, Any] = {}
    try:
        plan = make_plan(config)
    except Unsafe:
        plan = None
    if plan is not None:
        numbers = np.random.default_rng(random.randrange(2**32))
        spread = random.choice((0.1, 1.0, 1.0, 1e20))
        for planned in plan.layers:
            for place, shape in planned.variables.items():
                arrays[place] = (numbers.standard_normal(shape) * spread).astype(np.float32)
    pack(path, {CONFIG: config, METADATA: b"{}", WEIGHTS: hdf5(arrays)})


def outcome(path: Path, seed: int) -> str:
    """How a model drawn from `seed` ends: why it is refused, or "predicts"; any error but a refusal is a fault."""
    random = Random(seed)
    write(path, random)
    try:
        model = open_classifier(path)
        if model.work(1) > MOST_PRODUCTS * 10:
            return "opened"
        images = np.random.default_rng(seed).integers(0, 256, (IMAGES, model.input_size), np.uint8)
        logarithms = in_batches(images, model)
    except ModelFileError as error:
        refusal = error.message
    else:
        assert logarithms.shape == (IMAGES, model.classes), logarithms.shape
        assert np.isfinite(logarithms).all()
        return "predicts"
    assert refusal.isprintable(), refusal
    return refusal.removeprefix(str(path))


def main() -> None:
    count, first = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    ends: Counter[str] = Counter()
    with TemporaryDirectory() as folder:
        for seed in range(first, first + count):
            sys.stderr.write(f"{seed}\r")
            began = time.monotonic()
            end = outcome(Path(folder) / "m.keras", seed)
            if "Keras does not take" in end or time.monotonic() - began > 5:
                sys.stdout.write(f"{seed}, {time.monotonic() - began:.1f} s: {end[:300]}\n")
            ends[end if end in ("predicts", "opened") else " ".join(end.split()[:9])] += 1
    for end, number in ends.most_common(25):
        sys.stdout.write(f"{number} {end}\n")


if __name__ == "__main__":
    main()
