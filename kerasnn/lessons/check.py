"""Two computations of the same numbers, compared."""

from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kerasnn.records import Check

ROUNDING: Final = 1e-5  # float32 results may differ by this much when terms are added in another order


def check(name: str, left: tuple[str, ArrayLike], right: tuple[str, ArrayLike], tolerance: float = ROUNDING) -> Check:
    """Compare two arrays of one shape element by element.

    `left`, `right`: a label and the numbers. The check fails for different shapes, empty arrays and not-a-number.
    """
    one, other = (np.asarray(side[1], np.float64) for side in (left, right))
    same_shape = one.shape == other.shape
    difference = float(np.abs(one - other).max()) if same_shape and one.size else float("inf")
    return Check(
        name=name,
        left=left[0],
        right=right[0],
        left_value=_single_value(one),
        right_value=_single_value(other),
        compared=one.size,
        difference=difference,
        tolerance=tolerance,
        holds=difference <= tolerance,
    )


def _single_value(numbers: NDArray[Any]) -> float | None:
    return float(numbers.reshape(-1)[0]) if numbers.size == 1 else None
