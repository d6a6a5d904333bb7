"""`kerasnn export`: what was written, how exactly it agrees, and how to use it."""

from rich.console import Group, RenderableType
from rich.text import Text

from kerasnn.exports.forms import FORMS
from kerasnn.language import _, ngettext
from kerasnn.records import Export
from kerasnn.views.table import note_lines


def export_view(export: Export) -> RenderableType:
    """Return where the network is, how far it differs from kerasnn's predictions, and what it takes."""
    begin = _(
        "Exported {model} as {form}: {path}, {size:,.0f} kB.",
        model=export.model,
        form=_(FORMS[export.format].title),
        path=export.path,
        size=export.bytes / 1000,
    )
    lines = [
        ngettext(
            "On {count} test image of {dataset}, its probabilities are within {difference:.1e} of kerasnn's.",
            "On {count:,} test images of {dataset}, its probabilities are within {difference:.1e} of kerasnn's.",
            export.images,
            dataset=export.dataset.name,
            difference=export.largest_difference,
        ),
        *(
            []
            if FORMS[export.format].runs_here
            else [_("This was computed from the weights read back from the file; no browser was opened.")]
        ),
        _("It takes pixels from 0 to 255: the division by 255 is included.")
        if export.pixels == "0..255"
        else _("It takes pixels from 0 to 1: divide them by 255 first."),
        _("The names of the {count} classes are included.", count=len(export.classes)),
    ]
    opened = Text(_("Open it with: {code}", code=_(export.opened_with)), style="dim")
    return Group(Text(begin, "bold"), *map(Text, lines), opened, *note_lines(export.notes))
