"""The exceptions that readers of model files raise; `open` turns them into a ModelFileError."""

from typing import Final

MOST_CLASSES: Final = 10_000


class Unsafe(Exception):
    """A model file is damaged or not safe to open; the message says why in one clause."""


class Unsupported(Unsafe):
    """A model file is sound but has something that kerasnn cannot read itself; Keras may be able to."""
