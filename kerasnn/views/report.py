"""`kerasnn report` in the terminal: what went into the page."""

from rich.text import Text

from kerasnn.language import ngettext
from kerasnn.records import Report
from kerasnn.views.format import join_items


def report_view(report: Report) -> Text:
    """One line: which trainings, how many ideas and claims."""
    parts = [join_items([run.name for run in report.runs])]
    if report.explanations:
        parts.append(ngettext("{count} idea worked out", "{count} ideas worked out", len(report.explanations)))
    if report.claims:
        parts.append(ngettext("{count} claim", "{count} claims", len(report.claims)))
    return Text("; ".join(parts))
