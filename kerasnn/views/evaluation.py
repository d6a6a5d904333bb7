"""`kerasnn evaluate`: the metrics of a model, overall and for each class."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from kerasnn.language import _
from kerasnn.records import Evaluation
from kerasnn.views.format import class_name, describe_confusion, describe_dataset, format_metric
from kerasnn.views.picture import Picture
from kerasnn.views.table import right, stand_in_notice, table

WIDEST_MATRIX = 12  # classes: 80 columns hold no more
PICTURED_MISTAKES = 3
PICTURE_WIDTH = 24


def evaluation_view(evaluation: Evaluation) -> RenderableType:
    """Return scores, a table of the classes, the confusion matrix, the most frequent and the worst mistakes."""
    heading = Text.assemble((evaluation.model, "bold"), f"   {evaluation.path}\n", describe_dataset(evaluation.dataset))
    parts: list[RenderableType] = [heading, _scores(evaluation), _classes(evaluation), _confusion(evaluation)]
    if evaluation.confused:
        parts.append(Text(_("Confused most often"), style="bold"))
        parts += [Text(f"  {describe_confusion(pair)}") for pair in evaluation.confused]
    if evaluation.mistakes:
        parts += [Text("\n" + _("The worst mistakes"), style="bold"), _mistakes(evaluation)]
    parts += [Text(note, style="yellow") for note in evaluation.notes]
    parts += stand_in_notice(evaluation.dataset)
    return Group(*parts)


def _mistakes(evaluation: Evaluation) -> RenderableType:
    worst = evaluation.mistakes[:PICTURED_MISTAKES]
    sheet = Table.grid(padding=(0, 2))
    sheet.add_row(*(Picture(mistake.pixels, width=PICTURE_WIDTH) for mistake in worst))
    sheet.add_row(
        *(
            _(
                "{truth}, taken\nfor {answer} {probability:.2f}\n(test image {index})",
                truth=class_name(mistake.truth),
                answer=class_name(mistake.answer),
                probability=mistake.probability,
                index=mistake.index,
            )
            for mistake in worst
        )
    )
    return sheet


def _scores(evaluation: Evaluation) -> RenderableType:
    grid = table()
    grid.add_column("")
    right(grid, _("loss"), _("accuracy"), _("images"))
    info = evaluation.dataset
    for name, scores, count in (
        (_("validation"), evaluation.validation, info.validation),
        (_("test"), evaluation.test, info.test),
    ):
        grid.add_row(name, format_metric(scores.loss), format_metric(scores.accuracy), f"{count:,}")
    return grid


def _classes(evaluation: Evaluation) -> RenderableType:
    grid = table(_("Each class on the test images"))
    grid.add_column(_("class"))
    right(grid, _("precision"), _("recall"), "F1", _("images"))
    for row in evaluation.classes:
        scores = (f"{value:.3f}" for value in (row.precision, row.recall, row.f1))
        grid.add_row(class_name(row.name), *scores, f"{row.support:,}")
    return grid


def _confusion(evaluation: Evaluation) -> RenderableType:
    names = evaluation.dataset.classes
    if len(names) > WIDEST_MATRIX:
        return Text(
            _("The confusion matrix of {count} classes is too wide for a terminal; --plots draws it.", count=len(names))
            + "\n",
            "dim",
        )
    grid = table(_("Confusion matrix: a row is the truth, a column the answer"))
    grid.add_column(_("truth"))
    right(grid, *(str(label) for label in range(len(names))))
    for label, (name, row) in enumerate(zip(names, evaluation.confusion, strict=True)):
        cells = [  # the diagonal bold, zeros faint
            Text(str(count), style="bold" if column == label else "" if count else "dim")
            for column, count in enumerate(row)
        ]
        grid.add_row(f"{label} {class_name(name)}", *cells)
    return grid
