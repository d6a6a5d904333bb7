"""Pictures brought into one size, and what had to be done for it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.data.blocks import reorder
from kerasnn.data.dataset import Bytes
from kerasnn.data.many_process import COLOUR, DEEP, SEVERAL, TRANSPARENT, UPRIGHT
from kerasnn.records import Note
from kerasnn.records.codes import Code

USUAL_SHAPE: Final = (28, 28)  # the lecture's
LARGEST_SHAPE: Final = 128 * 128  # pixels, of a size that pictures share and networks of the lecture can learn


@dataclass
class Many:
    """Pictures of one size. `sizes`: (n, 2), rows and columns that each had. `flags`: as in `many_process`."""

    images: Bytes
    sizes: NDArray[np.uint32]
    flags: Bytes

    @property
    def shape(self) -> tuple[int, int]:
        rows, columns = self.images.shape[1:]
        return rows, columns

    def put(self, order: Sequence[int]) -> None:
        """Put the pictures, read in this `order`, into their places."""
        places = np.argsort(order)
        reorder(self.images, places)
        self.sizes, self.flags = self.sizes[places], self.flags[places]


def common_shape(sizes: NDArray[np.uint32]) -> tuple[int, int]:
    """Return the size of more than half of the pictures, if they are small; else the lecture's."""
    ((rows, columns), count), *_others = Counter(map(tuple, sizes.tolist())).most_common(1)
    return (rows, columns) if 2 * count > len(sizes) and 0 < rows * columns <= LARGEST_SHAPE else USUAL_SHAPE


def notes_of(found: Many) -> list[Note]:
    """Return notes of what was done to pictures, with how many."""
    (rows, columns), total = found.shape, len(found.images)
    counts: list[tuple[Code, Any, dict[str, Any]]] = [
        (Code.PICTURES_SCALED, (found.sizes != found.shape).any(axis=1), {"rows": rows, "columns": columns}),
        (Code.PICTURES_GREY, found.flags & COLOUR, {}),
        (Code.PICTURES_DEEP, found.flags & DEEP, {}),
        (Code.PICTURES_OPAQUE, found.flags & TRANSPARENT, {}),
        (Code.PICTURES_FIRST, found.flags & SEVERAL, {}),
        (Code.PICTURES_TURNED, found.flags & UPRIGHT, {}),
    ]
    counted = ((code, int(np.count_nonzero(which)), values) for code, which, values in counts)
    return [
        Note(code, {"count": f"{count:,}", "total": f"{total:,}", **values}) for code, count, values in counted if count
    ]
