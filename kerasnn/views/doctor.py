"""`kerasnn doctor`: the findings and their remedies."""

from rich.console import Group, RenderableType
from rich.text import Text

from kerasnn.language import N_, _
from kerasnn.records import Checkup
from kerasnn.views.table import table

_STYLE = {N_("good"): "green", N_("note"): "yellow", N_("fault"): "red"}


def checkup_view(checkup: Checkup) -> RenderableType:
    """Return a table with one row per finding and its remedy, and the verdict."""
    grid = table()
    grid.add_column("", no_wrap=True)
    grid.add_column(_("checked"), overflow="fold")
    grid.add_column(_("result"), overflow="fold")
    for finding in checkup.findings:
        remedy = f"\n-> {finding.remedy}" if finding.remedy else ""
        grid.add_row(Text(_(finding.state), style=_STYLE[finding.state]), finding.subject, f"{finding.detail}{remedy}")
    good, bad = _("Training can work here."), _("Training cannot work here.")
    verdict = Text(good, "green") if checkup.healthy else Text(bad, "red")
    return Group(grid, verdict)
