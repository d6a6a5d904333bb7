"""The order of the pixels, where the names of their columns have numbers: programs may sort columns as text."""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from kerasnn.data.csv_tables import Table
from kerasnn.files.untrusted import visible
from kerasnn.language import _

DIGITS: Final = re.compile(r"\d{1,7}")
PLACE: Final = "#x#"  # how names end that give row and column
ACROSS_FIRST: Final = re.compile(r"(x|col)\D*#\D*(y|row)\D*#")  # names that give the column before the row


def in_order(
    table: Table, names: Sequence[str], columns: Sequence[int]
) -> tuple[Sequence[int], tuple[int, int] | None]:
    """Return `columns` in the order of the numbers in their `names`, and rows and columns of an image if those say so.

    Names that tell no order leave them as they are. Raises: DataError if the numbers are in another order, but do not
    count all pixels.
    """
    found = [DIGITS.findall(names[column]) for column in columns]
    forms = {DIGITS.sub("#", names[column]) for column in columns}
    form = forms.pop() if len(forms) == 1 else ""
    if "#" not in form:
        return columns, None
    numbers = np.array([list(map(int, each)) for each in found])  # (columns, numbers in a name)
    if form.endswith(PLACE):
        numbers = numbers[:, -2:]
    else:
        numbers = numbers[:, (numbers != numbers[0]).any(axis=0)]
        numbers = numbers[:, ::-1] if ACROSS_FIRST.search(form) else numbers
    if not numbers.size:
        return columns, None
    order = np.lexsort(numbers.T[::-1])
    spans = np.ptp(numbers, axis=0) + 1
    is_complete = spans.prod() == len(np.unique(numbers, axis=0)) == len(columns)
    if not is_complete and (np.diff(order) < 0).any():
        raise _no_order(table, [names[column] for column in columns])
    is_grid = len(spans) == 2 and (is_complete or form.endswith(PLACE))
    return [columns[place] for place in order], (int(spans[0]), int(spans[1])) if is_grid else None


def _no_order(table: Table, names: Sequence[str]) -> Exception:
    return table.fault(
        _(
            "the header gives the pixels another order, but numbers are missing or repeated: {names}, ...",
            names=visible(", ".join(name[:40] for name in names[:5])),
        ),
        expected=_("names that count the pixels, such as pixel0 to pixel783"),
        hint=_("correct the header, or put the columns in the order of the pixels, and write the table again"),
    )
