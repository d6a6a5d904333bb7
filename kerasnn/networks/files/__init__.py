"""Open other people's model files without trusting them.

`archive` takes `.keras` and `.npz` files apart, `hdf5` finds the arrays in HDF5 in a separate process, and `config`
turns Keras' configuration into the lecture's layers, one by one in `layer_config`; `outputs` says what its
outputs are, and `open` combines them. `trusted` lets Keras open the rest, if the user trusts the file.
"""

from typing import Final

MOST_CLASSES: Final = 10_000


class Unsafe(Exception):
    """A model file is damaged or not safe to open; the message says why in one clause. `open` adds the file's name."""


class Unsupported(Unsafe):
    """A model file is sound but has something that kerasnn cannot read itself; Keras may be able to."""
