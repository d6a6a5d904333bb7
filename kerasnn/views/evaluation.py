"""`kerasnn evaluate`: how good a model is, class by class."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from kerasnn.records import Evaluation
from kerasnn.views import words
from kerasnn.views.picture import Picture
from kerasnn.views.table import right, table

WIDEST_MATRIX = 12
PICTURED_MISTAKES = 3
PICTURE_WIDTH = 24


def evaluation_view(evaluation: Evaluation) -> RenderableType:
    """Scores, each class, the confusion matrix, what is confused most, and the worst mistakes."""
    heading = Text.assemble((evaluation.model, "bold"), f"   {evaluation.path}\n", words.dataset(evaluation.dataset))
    parts: list[RenderableType] = [heading, _scores(evaluation), _classes(evaluation), _confusion(evaluation)]
    if evaluation.confused:
        parts.append(Text("Confused most often", style="bold"))
        parts += [
            Text(f"  {pair.truth} taken for {pair.answer}: {pair.count} times, {pair.share:.1%} of them")
            for pair in evaluation.confused
        ]
    if evaluation.mistakes:
        parts += [Text("\nThe worst mistakes", style="bold"), _mistakes(evaluation)]
    parts += [Text(note, style="yellow") for note in evaluation.notes]
    if evaluation.dataset.stand_in:
        parts.append(Text(words.STAND_IN, style="yellow"))
    return Group(*parts)


def _mistakes(evaluation: Evaluation) -> RenderableType:
    worst = evaluation.mistakes[:PICTURED_MISTAKES]
    sheet = Table.grid(padding=(0, 2))
    sheet.add_row(*(Picture(mistake.pixels, width=PICTURE_WIDTH) for mistake in worst))
    sheet.add_row(
        *(
            f"{mistake.truth}, taken\nfor {mistake.answer} {mistake.probability:.2f}\n(test image {mistake.index})"
            for mistake in worst
        )
    )
    return sheet


def _scores(evaluation: Evaluation) -> RenderableType:
    grid = table()
    grid.add_column("")
    right(grid, "loss", "accuracy", "images")
    info = evaluation.dataset
    for name, scores, count in (
        ("validation", evaluation.validation, info.validation),
        ("test", evaluation.test, info.test),
    ):
        grid.add_row(name, words.loss(scores.loss), words.accuracy(scores.accuracy), f"{count:,}")
    return grid


def _classes(evaluation: Evaluation) -> RenderableType:
    grid = table("Each class on the test images")
    grid.add_column("class")
    right(grid, "precision", "recall", "F1", "images")
    for row in evaluation.classes:
        scores = (f"{value:.3f}" for value in (row.precision, row.recall, row.f1))
        grid.add_row(row.name, *scores, f"{row.support:,}")
    return grid


def _confusion(evaluation: Evaluation) -> RenderableType:
    names = evaluation.dataset.classes
    if len(names) > WIDEST_MATRIX:
        return Text(
            f"The confusion matrix of {len(names)} classes is too wide for a terminal; --plots draws it.\n", "dim"
        )
    grid = table("Confusion matrix: a row is the truth, a column the answer")
    grid.add_column("truth")
    right(grid, *(str(label) for label in range(len(names))))
    for label, (name, row) in enumerate(zip(names, evaluation.confusion, strict=True)):
        cells = [
            Text(str(count), style="bold" if column == label else "" if count else "dim")
            for column, count in enumerate(row)
        ]
        grid.add_row(f"{label} {name}", *cells)
    return grid
