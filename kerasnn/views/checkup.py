"""`kerasnn doctor`: what was found, and what to do about it."""

from rich.console import Group, RenderableType
from rich.text import Text

from kerasnn.records import Checkup
from kerasnn.views.table import table

_STYLE = {"good": "green", "note": "yellow", "fault": "red"}


def checkup_view(checkup: Checkup) -> RenderableType:
    """One row a finding; the remedies; whether training can work."""
    grid = table()
    grid.add_column("", no_wrap=True)
    grid.add_column("looked at", overflow="fold")
    grid.add_column("found", overflow="fold")
    for finding in checkup.findings:
        remedy = f"\n-> {finding.remedy}" if finding.remedy else ""
        grid.add_row(Text(finding.state, style=_STYLE[finding.state]), finding.subject, f"{finding.detail}{remedy}")
    verdict = Text("Training can work here.", "green") if checkup.healthy else Text("Training cannot work here.", "red")
    return Group(grid, verdict)
