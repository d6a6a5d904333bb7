"""The layout of a report: its parts in order."""

from kerasnn.language import _
from kerasnn.records import Report, ReportedClaim, ReportedRun
from kerasnn.views.format import describe_dataset, format_metric, format_range, join_items
from kerasnn.views.page.blocks import Code, Listing, Page, Paragraph, Part, Table
from kerasnn.views.page.explanations import explanation_part
from kerasnn.views.page.run import run_parts

VERDICTS = {"holds": "good", "does not hold": "bad"}


def compose(report: Report) -> Page:
    """Return the page that shows `report`, in the current language."""
    parts: list[Part] = []
    if report.notes:
        parts.append(Part("notes", _("Notes"), tuple(Paragraph(note, "note") for note in report.notes)))
    if report.kind == "run":
        parts += run_parts(report.runs[0])
    else:
        parts.append(_compared(report.runs))
        parts += [_one_of_several(reported) for reported in report.runs]
    if report.explanations:
        lead = Paragraph(_("What the slides state, worked out on trained networks; each identity is checked."), "lead")
        parts.append(
            Part("explained", _("The ideas, worked out"), (lead,), tuple(map(explanation_part, report.explanations)))
        )
    if report.claims:
        parts.append(Part("claims", _("What the lecture claims"), (_verdicts(report.claims),), ()))
    again = Paragraph(_("These commands reproduce this page."), "lead")
    parts.append(Part("again", _("Reproduce"), (again, Code("\n".join(report.commands)))))
    title, subtitle, what = _heading(report)
    made = _("Made by kerasnn {version} on {made}.", version=report.version, made=report.made)
    return Page(report.language, title, subtitle, what, tuple(parts), _("Contents"), made)


def _heading(report: Report) -> tuple[str, str, str]:
    """Return the title, the subtitle, and a line on the training shown."""
    if report.kind == "lecture":
        about = _("Every stage on its reference model, every idea worked out.")
        return _("The lecture on neural networks"), about, ""
    if report.kind == "comparison":
        names = join_items([reported.name for reported in report.runs])
        return _("{count} trainings compared", count=len(report.runs)), names, ""
    reported = report.runs[0]
    run = reported.run
    name = (
        _("The reference model that comes with kerasnn.")
        if reported.name == run.stage
        else _("Run {name}.", name=reported.name)
    )
    return reported.title, reported.step, f"{name} {describe_dataset(run.dataset)}."


def _compared(runs: tuple[ReportedRun, ...]) -> Part:
    rows = tuple(
        (
            reported.name,
            f"{reported.run.parameters:,}",
            str(reported.run.kept_epoch or "-"),
            *(
                value
                for scores in (reported.run.validation, reported.run.test)
                for value in ((format_metric(scores.loss), format_metric(scores.accuracy)) if scores else ("", ""))
            ),
            format_range(reported.run.published) if reported.run.published else "-",
        )
        for reported in runs
    )
    columns = (
        _("training"),
        _("parameters"),
        _("saved epoch"),
        _("validation loss"),
        _("validation accuracy"),
        _("test loss"),
        _("test accuracy"),
        _("published accuracy"),
    )
    table = Table(_("Side by side"), columns, rows, frozenset(range(1, 7)))
    steps = Listing(tuple(f"{reported.name}: {reported.step}" for reported in runs if reported.step))
    return Part("compared", _("Compared"), (table, steps))


def _one_of_several(reported: ReportedRun) -> Part:
    """Return a run on a page with several: its results, curves and classes only."""
    shown = ("results", "curves", "classes")
    prefix = f"{reported.name}-"
    parts = tuple(part for part in run_parts(reported, prefix) if part.anchor.removeprefix(prefix) in shown)
    return Part(
        f"run-{reported.name}", f"{reported.title} ({reported.name})", (Paragraph(reported.step, "lead"),), parts
    )


def _verdicts(claims: tuple[ReportedClaim, ...]) -> Table:
    rows = tuple((_(claim.states), _(claim.verdict), "; ".join(claim.evidence), _(claim.slide)) for claim in claims)
    columns = (_("the lecture states"), _("verdict"), _("evidence"), _("slide"))
    return Table(_("Claims and verdicts"), columns, rows)
