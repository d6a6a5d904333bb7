"""Two ways to the same numbers, held against each other."""

from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kerasnn.records import Check

ROUNDING: Final = 1e-5  # what float32 arithmetic in another order may differ by


def check(name: str, left: tuple[str, ArrayLike], right: tuple[str, ArrayLike], tolerance: float = ROUNDING) -> Check:
    """`left` and `right`: what each is called, and its numbers, of one shape."""
    one, other = (np.asarray(side[1], np.float64) for side in (left, right))
    same_shape = one.shape == other.shape
    difference = float(np.abs(one - other).max()) if same_shape and one.size else float("inf")
    return Check(
        name=name,
        left=left[0],
        right=right[0],
        left_value=_value(one),
        right_value=_value(other),
        compared=one.size,
        difference=difference,
        tolerance=tolerance,
        holds=difference <= tolerance,
    )


def _value(numbers: NDArray[Any]) -> float | None:
    return float(numbers.reshape(-1)[0]) if numbers.size == 1 else None
