"""Hidden units that no longer learn, counted on images: ReLU units that are always 0, and saturated sigmoids."""

from collections import defaultdict
from itertools import islice
from typing import Any, Final

import numpy as np

from kerasnn.lecture.layers import Dense
from kerasnn.networks.classifier import Images
from kerasnn.networks.forward import Network
from kerasnn.records.codes import Code
from kerasnn.records.note import Note

# from these shares on they are named as a cause; networks that learn well have up to half of their ReLU units dead
MOST_DEAD: Final = 0.9
MOST_SATURATED: Final = 0.5
SATURATED: Final = (0.01, 0.99)  # beyond these outputs the slope of the sigmoid is below 0.01


def stuck_units(network: Network, images: Images) -> tuple[Note, ...]:
    """Return a note if most ReLU units of `network` are dead on `images`, and one if most sigmoids are saturated."""
    alive: dict[str, Any] = defaultdict(bool)  # by layer: bool of shape (units,)
    saturated = outputs = 0
    for start in range(0, len(images), network.batch):
        hidden = network.outputs(images[start : start + network.batch], network.ending.place)
        outputs_of = islice(hidden, 1, None)  # without the images
        for layer, values in zip(network.architecture.layers, outputs_of, strict=False):
            if isinstance(layer, Dense) and layer.activation == "relu":
                alive[layer.name] = alive[layer.name] | (values > 0).reshape(-1, layer.units).any(axis=0)
            if isinstance(layer, Dense) and layer.activation == "sigmoid":
                saturated += int(((values < SATURATED[0]) | (values > SATURATED[1])).sum())
                outputs += values.size
    units = sum(map(len, alive.values()))
    dead = units - int(sum(np.count_nonzero(each) for each in alive.values()))
    notes = []
    if units and dead >= MOST_DEAD * units:
        notes.append(Note(Code.DEAD_UNITS, {"dead": dead, "units": units}))
    if outputs and saturated >= MOST_SATURATED * outputs:
        notes.append(Note(Code.SATURATED_UNITS, {"share": f"{saturated / outputs:.0%}"}))
    return tuple(notes)
