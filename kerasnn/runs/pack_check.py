"""The checks of a run that somebody else packed: its files one by one, and whether they belong together."""

import os
import re
from pathlib import Path
from typing import Final

from kerasnn.data.user_data import NAMES_FILE, read_class_names
from kerasnn.errors import KerasnnError
from kerasnn.files.packed import Refused
from kerasnn.language import _
from kerasnn.networks.architecture import design
from kerasnn.networks.files.open import open_classifier
from kerasnn.records import Note, Run
from kerasnn.records.codes import Code
from kerasnn.runs import checkpoint
from kerasnn.runs.folder import RECORD, read_record, saved_model
from kerasnn.runs.history import HISTORY, history_text
from kerasnn.runs.listing import restore_run
from kerasnn.runs.pack import CURVES, REPORT
from kerasnn.runs.seal import problems_in

PNG: Final = b"\x89PNG\r\n\x1a\n"
# how a report of kerasnn begins: from there on its policy keeps a browser from running or loading anything
_REPORT_HEAD: Final = re.compile(
    r"\s*<!DOCTYPE html>\n<html lang=\"[a-z]{2}\">\n<head>\n<meta charset=\"utf-8\">\n"
    r"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
    r"style-src 'sha256-[A-Za-z0-9+/=]{44}'; base-uri 'none'; form-action 'none'\">\n"
)


def check_unpacked(folder: Path, changed: tuple[str, ...]) -> tuple[Run, tuple[Note, ...]]:
    """Return the run in `folder`, and notes on what was edited. Raises: Refused if a file is not safe or damaged."""
    try:
        run = restore_run(read_record(folder), folder / RECORD)
        model = saved_model(folder)
        saved = checkpoint.read(folder, open_classifier(model).parameters if model is not None else _planned(run))
        read_class_names(folder / NAMES_FILE)
    except KerasnnError as error:
        raise Refused(error.message.replace(f"{folder}{os.sep}", "")) from None
    if run.status == "done" and model is None:
        raise Refused(_("it lacks {names}", names="model.keras"))
    _check_pages(folder)
    notes = [Note(Code.PACK_CHANGED, {"names": changed})] if changed else []
    notes += problems_in(run.notes)
    history = folder / HISTORY
    if history.is_file() and history.read_bytes() != history_text(run.history).encode():
        notes.append(Note(Code.HISTORY_DIFFERS))
    if saved is not None and run.history and saved.state.history != run.history:
        notes.append(Note(Code.STATE_DIFFERS))
    return run, tuple(notes)


def _planned(run: Run) -> int:
    """Return the number of parameters of the network that the record describes. Raises: Refused."""
    try:
        return design(run.settings, image_shape=run.dataset.shape, classes=len(run.dataset.classes)).parameters
    except (LookupError, TypeError, ValueError, ArithmeticError) as error:
        raise Refused(_("{name} is damaged: {error}", name=RECORD, error=error)) from None


def _check_pages(folder: Path) -> None:
    """Refuse a picture that is none, and a page that could run or load something in a browser."""
    curves, report = folder / CURVES, folder / REPORT
    if curves.is_file():
        with curves.open("rb") as file:
            if file.read(len(PNG)) != PNG:
                raise Refused(_("{name} is not what kerasnn writes", name=CURVES))
    if report.is_file():
        page = report.read_text(encoding="utf-8", errors="replace")
        if not _REPORT_HEAD.match(page) or page.lower().count("http-equiv") != 1:
            raise Refused(_("{name} is not what kerasnn writes", name=REPORT))
