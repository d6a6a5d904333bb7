"""What the readers of model files raise; `open` turns it into a ModelFileError."""

from typing import Final

MOST_CLASSES: Final = 10_000


class Unsafe(Exception):
    """A model file is damaged or not safe to open; says why in one clause."""


class Unsupported(Unsafe):
    """A model file is sound but holds something that kerasnn does not read itself; Keras may."""
