"""`kerasnn runs list --csv`"""

import csv
import io
from collections.abc import Sequence
from typing import Any, Final

from kerasnn.files.untrusted import visible
from kerasnn.records import RunRow
from kerasnn.views.format import format_settings

SCORES: Final = tuple(f"{part}_{metric}" for part in ("validation", "test") for metric in ("loss", "accuracy"))
CSV_COLUMNS: Final = (
    *("run", "name", "tags", "stage", "seed", "status", "dataset", "changed"),
    *(*SCORES, "seconds", "started", "author"),
)
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would compute what begins so, whoever wrote it


def runs_csv(rows: Sequence[RunRow]) -> str:
    """Return the runs as CSV with a line of headings; every line ends with CR and LF."""
    text = io.StringIO()
    writer = csv.writer(text)  # its defaults are those of RFC 4180
    writer.writerow(CSV_COLUMNS)
    for row in rows:
        measured = {
            f"{part}_{metric}": getattr(of, metric, None)
            for part, of in (("validation", row.validation), ("test", row.test))
            for metric in ("loss", "accuracy")
        }
        about = {**vars(row), **measured, "tags": " ".join(row.tags), "changed": format_settings(row.overrides)}
        writer.writerow([_cell(about[name]) for name in CSV_COLUMNS])
    return text.getvalue()


def _cell(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return f"'{visible(value)}" if value.startswith(FORMULA) else visible(value)
