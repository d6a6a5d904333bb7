"""`kerasnn compare-sklearn`: two libraries on one split, and the slide's code beside today's."""

from rich.console import Group, RenderableType
from rich.text import Text

from kerasnn.language import _
from kerasnn.lecture import dialect
from kerasnn.records import Comparison, ComparisonRow
from kerasnn.views.format import describe_dataset, format_metric
from kerasnn.views.table import note_lines, right, stand_in_notice, table


def comparison_view(comparison: Comparison) -> RenderableType:
    """Return a table with one row per model, and the notes."""
    grid = table(describe_dataset(comparison.dataset), caption=_measured_on(comparison))
    grid.add_column(_("model"), no_wrap=True)
    right(grid, _("parameters"), _("accuracy"), _("log-loss"), _("seconds"))
    for row in comparison.rows:
        accuracy = format_metric(row.accuracy) + (f" +- {row.spread:.4f}" if row.spread is not None else "")
        grid.add_row(_model(row), f"{row.parameters:,}", accuracy, format_metric(row.log_loss), f"{row.seconds:.1f}")
    parts: list[RenderableType] = [grid]
    parts += note_lines(comparison.notes)
    parts += stand_in_notice(comparison.dataset)
    return Group(*parts)


def _model(row: ComparisonRow) -> str:
    return row.model if row.folds is None else _("SGDClassifier, {folds}-fold", folds=row.folds)


def _measured_on(comparison: Comparison) -> str:
    sentences = [_("measured on the validation images")]
    seeds = max(len(row.seeds) for row in comparison.rows)
    if seeds > 1:
        sentences.append(_("mean +- standard deviation over {count} seeds; seconds: total of all seeds", count=seeds))
    if any(row.folds is not None for row in comparison.rows):
        sentences.append(
            _("cross-validated: mean +- standard deviation over folds of the training and validation images")
        )
    return "\n".join(sentences)


def code_view() -> RenderableType:
    """Return the slide's code and today's side by side, with the reason of each change."""
    blocks: list[RenderableType] = []
    for title, lines in (("scikit-learn", dialect.SCIKIT_LEARN), ("Keras", dialect.KERAS)):
        grid = table(title)
        grid.add_column(_("on the slide"), ratio=1, overflow="fold")
        grid.add_column(_("today"), ratio=1, overflow="fold")
        for line in lines:
            changed = line.why is not None
            grid.add_row(Text(line.slide, "red" if changed else ""), Text(line.today, "green" if changed else ""))
        blocks.append(grid)
        # below the table, whose columns are too narrow for it
        blocks += [Text(f"  {_(line.why)}.", style="dim") for line in lines if line.why is not None]
        blocks.append(Text())
    return Group(*blocks)
