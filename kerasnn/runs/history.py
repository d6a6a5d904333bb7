"""The file history.csv in the folder of a run."""

import csv
import io
from pathlib import Path
from typing import Final

from kerasnn.files.atomic import write_text
from kerasnn.records import Epoch

HISTORY: Final = "history.csv"
COLUMNS: Final = ("epoch", "loss", "accuracy", "val_loss", "val_accuracy")


def write_history(folder: Path, history: tuple[Epoch, ...]) -> None:
    """Write `history` to the folder's history.csv."""
    write_text(folder / HISTORY, history_text(history))


def history_text(history: tuple[Epoch, ...]) -> str:
    """Return `history` as CSV: one line per epoch, numbers in full precision."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([getattr(epoch, column) for column in COLUMNS] for epoch in history)
    return text.getvalue()
