"""`kerasnn report` in the terminal: the content of the page."""

from rich.text import Text

from kerasnn.language import ngettext
from kerasnn.records import Report
from kerasnn.views.format import join_items


def report_view(report: Report) -> Text:
    """Return one line with the names of the runs and the numbers of explanations and claims."""
    parts = [join_items([run.name for run in report.runs])]
    if report.explanations:
        parts.append(ngettext("{count} idea worked out", "{count} ideas worked out", len(report.explanations)))
    if report.claims:
        parts.append(ngettext("{count} claim", "{count} claims", len(report.claims)))
    return Text("; ".join(parts))
