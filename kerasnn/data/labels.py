"""Labels as people write them, numbers or names of the classes, as numbers from 0 on."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.data.class_folders import natural
from kerasnn.data.user_data import LONGEST_NAME, NAMES_FILE
from kerasnn.errors import DataError, composed
from kerasnn.language import _

WHOLE: Final = re.compile(r"[+-]?\d{1,12}(\.0*)?")


def numbered(
    path: Path, texts: Sequence[list[str]], named: tuple[str, ...] | None
) -> tuple[tuple[str, ...] | None, list[NDArray[np.int64]]]:
    """Return the names of the classes, None for those that are numbered, and the labels of each part."""
    different = {text for part in texts for text in part}
    if all(WHOLE.fullmatch(text) for text in different):
        numbers = {text: int(text.partition(".")[0]) for text in different}
        return named, [np.array([numbers[text] for text in part], np.int64) for part in texts]
    names = tuple(sorted({composed(text) for text in different}, key=natural))
    wrong = next((name for name in names if not name or len(name) > LONGEST_NAME or not name.isprintable()), None)
    if wrong is not None or (named is not None and not set(names) <= set(named)):
        raise DataError(
            _("{path}: '{name}' is no label", path=path, name=ascii(wrong)[1:41])
            if wrong is not None
            else _("{path} does not name the labels", path=NAMES_FILE),
            expected=_("a number or a name of each image's class"),
            hint=_("correct the labels, or remove classes.txt"),
        )
    places = {name: place for place, name in enumerate(named or names)}
    return named or names, [np.array([places[composed(text)] for text in part], np.int64) for part in texts]
