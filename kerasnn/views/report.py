"""`kerasnn report` in the terminal: what went into the page."""

from rich.text import Text

from kerasnn.language import _
from kerasnn.records import Report
from kerasnn.views import words


def report_view(report: Report) -> Text:
    """One line: which trainings, how many ideas and claims."""
    parts = [words.listing([run.name for run in report.runs])]
    if report.explanations:
        parts.append(_("{count} ideas worked out", count=len(report.explanations)))
    if report.claims:
        parts.append(_("{count} claims", count=len(report.claims)))
    return Text("; ".join(parts))
