"""`kerasnn compare-sklearn` and `kerasnn code`: two libraries, scripts, the slide's code beside today's."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.syntax import Syntax
from rich.table import Column, Table
from rich.text import Text

from kerasnn.language import _
from kerasnn.lecture import dialect
from kerasnn.lecture.dialect import Line
from kerasnn.records import Comparison, Script
from kerasnn.views.format import describe_dataset, format_metric
from kerasnn.views.table import note_lines, right, stand_in_notice, table


def comparison_view(comparison: Comparison) -> RenderableType:
    """Return a table with one row per model, and the notes."""
    columns = Column(_("model"), no_wrap=True), *right(_("parameters"), _("accuracy"), _("log-loss"), _("seconds"))
    grid = table(describe_dataset(comparison.dataset), *columns, caption=_measured_on(comparison))
    for row in comparison.rows:
        accuracy = format_metric(row.accuracy) + (f" +- {row.spread:.4f}" if row.spread is not None else "")
        model = row.model if row.folds is None else _("SGDClassifier, {folds}-fold", folds=row.folds)
        grid.add_row(model, f"{row.parameters:,}", accuracy, format_metric(row.log_loss), f"{row.seconds:.1f}")
    best = max(comparison.rows, key=lambda row: row.accuracy)
    begin = _("{model} has the highest accuracy, {accuracy:.4f}.", model=best.model, accuracy=best.accuracy)
    parts: list[RenderableType] = [Text(begin, "bold"), grid]
    parts += note_lines(comparison.notes)
    parts += stand_in_notice(comparison.dataset)
    return Group(*parts)


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
        grid = table(title, *(Column(head, ratio=1, overflow="fold") for head in (_("on the slide"), _("today"))))
        for line in lines:
            changed = line.why is not None
            grid.add_row(Text(line.slide, "red" if changed else ""), Text(line.today, "green" if changed else ""))
        blocks.append(grid)
        # below the table, whose columns are too narrow for it
        blocks += [Text(f"  {_(line.why)}.", style="dim") for line in lines if line.why is not None]
        blocks.append(Text())
    return Group(*blocks)


def script_view(script: Script) -> RenderableType:
    """Return the highlighted script, to be printed unwrapped; piped into a file, it is the plain script."""
    lexer = Syntax("", "python", theme="ansi_dark", background_color="default")
    text = lexer.highlight(script.source)
    text.rstrip()  # the highlighter adds a line break
    return text


def dialect_view(lines: Sequence[Line]) -> RenderableType:
    """Return the lines of a slide beside today's, with the reason of each change."""
    blocks: list[RenderableType] = []
    for line in lines:
        if line.why is None:  # the slide's line still works
            blocks.append(Text.assemble((_("slide and today") + "  ", "bold"), line.today, "\n"))
            continue
        grid = Table.grid(padding=(0, 2))
        grid.add_row(Text(_("slide"), "bold"), Text(line.slide, "red"))
        grid.add_row(Text(_("today"), "bold"), Text(line.today, "green"))
        grid.add_row(Text(_("why"), "bold"), f"{_(line.why)}.")
        blocks += [grid, Text()]
    return Group(*blocks)
