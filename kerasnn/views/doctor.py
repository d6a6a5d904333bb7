"""`kerasnn doctor`: what was found, and what to do about it."""

from rich.console import Group, RenderableType
from rich.text import Text

from kerasnn.language import N_, _
from kerasnn.records import Checkup
from kerasnn.views.table import table

_STYLE = {N_("good"): "green", N_("note"): "yellow", N_("fault"): "red"}


def checkup_view(checkup: Checkup) -> RenderableType:
    """One row a finding; the remedies; whether training can work."""
    grid = table()
    grid.add_column("", no_wrap=True)
    grid.add_column(_("looked at"), overflow="fold")
    grid.add_column(_("found"), overflow="fold")
    for finding in checkup.findings:
        remedy = f"\n-> {finding.remedy}" if finding.remedy else ""
        grid.add_row(Text(_(finding.state), style=_STYLE[finding.state]), finding.subject, f"{finding.detail}{remedy}")
    good, bad = _("Training can work here."), _("Training cannot work here.")
    verdict = Text(good, "green") if checkup.healthy else Text(bad, "red")
    return Group(grid, verdict)
