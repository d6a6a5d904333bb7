"""Several runs on one page: their differences, curves and results side by side."""

from kerasnn.language import _
from kerasnn.records import Report, ReportedRun
from kerasnn.runs.comparison import compared
from kerasnn.views.figures.curves import save_runs
from kerasnn.views.format import format_range, join_items
from kerasnn.views.page.blocks import Block, Listing, Paragraph, Part, Table, picture
from kerasnn.views.run import scores
from kerasnn.views.runs import cells_of, differences_sentence


def compared_part(report: Report) -> Part:
    """Return the results side by side; of runs first the settings in which they differ, and their curves."""
    blocks: list[Block] = _differences_and_curves(report.runs) if report.kind == "comparison" else []
    steps = Listing(tuple(f"{reported.name}: {reported.step}" for reported in report.runs if reported.step))
    return Part("compared", _("Compared"), (*blocks, _side_by_side(report.runs), steps))


def _differences_and_curves(runs: tuple[ReportedRun, ...]) -> list[Block]:
    names, found = [reported.name for reported in runs], compared([reported.run for reported in runs])
    rows = tuple(map(cells_of, (*found.settings, *found.surroundings)))
    blocks: list[Block] = [Paragraph(differences_sentence(found), "lead")]
    if rows:
        blocks.append(Table(_("Differences"), (_("setting"), *names), rows, frozenset(range(1, len(names) + 1))))
    histories = [(reported.name, reported.run.history) for reported in runs if len(reported.run.history) > 1]
    if histories:
        heading = _("Validation loss and accuracy by epoch")
        drawn = picture(lambda path: save_runs(histories, path), f"{heading}: {join_items(names)}", caption=heading)
        blocks.append(drawn)
    return blocks


def _side_by_side(runs: tuple[ReportedRun, ...]) -> Table:
    rows = tuple(
        (
            reported.name,
            f"{reported.run.parameters:,}",
            str(reported.run.kept_epoch or "-"),
            *scores(reported.run.validation),
            *scores(reported.run.test),
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
    return Table(_("Side by side"), columns, rows, frozenset(range(1, 7)))
