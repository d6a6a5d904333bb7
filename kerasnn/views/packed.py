"""`kerasnn runs export` and `import`: what was packed or read, in a sentence or two."""

from collections.abc import Sequence
from typing import Final

from rich.console import Group, RenderableType
from rich.text import Text

from kerasnn.language import N_, _
from kerasnn.records import ImportedRun, PackedRun
from kerasnn.records.note import sentence
from kerasnn.runs.pack import CURVES, MEMBERS, REPORT
from kerasnn.views.format import format_metric, join_items

_WORDS: Final = {
    **dict.fromkeys(MEMBERS, N_("the state that more epochs start from")),
    "run.json": N_("its record"),
    "history.csv": N_("its history"),
    "classes.txt": N_("the names of its classes"),
    "model.keras": N_("its model"),
    "model.npz": N_("its model"),
    CURVES: N_("its curves"),
    REPORT: N_("its report"),
}


def packed_view(packed: PackedRun) -> RenderableType:
    size = {"run": packed.run, "file": packed.file, "size": packed.bytes / 1e6}
    lines = [Text(_("{run} is packed in {file} ({size:.1f} MB).", **size), "bold")]
    lines.append(Text(_("It holds {parts}.", parts=join_items([_(_WORDS[name]) for name in packed.members]))))
    if packed.author is not None:
        lines.append(Text(_("Author: {author}", author=packed.author)))
    return Group(*lines, *(Text(sentence(note), "yellow") for note in packed.notes))


def imports_view(imported: Sequence[ImportedRun]) -> RenderableType:
    """Return what was imported, a paragraph each."""
    paragraphs = [part for each in imported for part in (Text(), imported_view(each))]
    return Group(*paragraphs[1:])


def imported_view(imported: ImportedRun) -> RenderableType:
    places = {"file": imported.file, "folder": imported.folder}
    if imported.already_here:
        lines = [Text(_("The run in {file} is already here, in {folder}; nothing was written.", **places), "bold")]
    else:
        lines = [Text(_("The run in {file} is now in {folder}.", **places), "bold")]
    if imported.author is not None:
        lines.append(Text(_("Author: {author}", author=imported.author)))
    status = N_("not finished") if imported.status == "running" else imported.status  # nobody trains it here
    lines.append(Text(_("Stage {stage}, {status}.", stage=imported.stage, status=_(status))))
    if imported.validation is not None and imported.test is not None:
        values = {
            "validation": format_metric(imported.validation.accuracy),
            "test": format_metric(imported.test.accuracy),
        }
        says = N_("Its record says: accuracy {validation} in validation, {test} in the test. Nothing was measured.")
        lines.append(Text(_(says, **values)))
    return Group(*lines, *(Text(sentence(note), "yellow") for note in imported.notes))
