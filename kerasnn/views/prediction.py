"""`kerasnn predict`: the image as the model saw it, and the probability of each class."""

from collections.abc import Sequence

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.measure import Measurement
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from kerasnn.language import _
from kerasnn.records import Prediction
from kerasnn.views.format import class_name, image_name
from kerasnn.views.picture import Picture
from kerasnn.views.table import note_lines, right, table

MOST_BARS = 10
BAR_WIDTH = 24
GAP = 3


def predictions_view(predictions: Sequence[Prediction]) -> RenderableType:
    """Return a picture and bars for each of up to three images, or a table for more."""
    if len(predictions) > 3:
        return _lines(predictions)
    return Group(*(part for prediction in predictions for part in _one(prediction)))


def _one(prediction: Prediction) -> list[RenderableType]:
    answer = Text.assemble(
        (image_name(prediction), "bold"),
        ": ",
        (class_name(prediction.name), "bold green"),
        _(
            ", probability {probability:.4f}, the argmax of {count}",
            probability=prediction.probability,
            count=len(prediction.names),
        ),
    )
    if prediction.truth is not None:
        right_answer = prediction.truth == prediction.name
        truth = class_name(prediction.truth)
        verdict = (_("right"), "green") if right_answer else (_("wrong, it is a {truth}", truth=truth), "red")
        answer.append_text(Text.assemble(" (", verdict, ")"))
    notes = note_lines(prediction.notes)
    return [answer, _Beside(Picture(prediction.pixels), _bars(prediction)), *notes, Text()]


class _Beside:
    """Two renderables side by side if they fit, else one below the other."""

    def __init__(self, left: RenderableType, right_side: RenderableType) -> None:
        self.sides = left, right_side

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        widths = [Measurement.get(console, options, side).maximum for side in self.sides]
        grid = Table.grid(padding=(0, GAP))
        if sum(widths) + GAP <= options.max_width:
            grid.add_row(*self.sides)
        else:
            for side in self.sides:
                grid.add_row(side)
        yield grid


def _bars(prediction: Prediction) -> RenderableType:
    ranked = sorted(range(len(prediction.names)), key=lambda label: -prediction.probabilities[label])
    shown = sorted(ranked[:MOST_BARS])  # the most probable ones, in the order of their labels
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(no_wrap=True)
    grid.add_column(justify="right", no_wrap=True)
    for label in shown:
        best = label == prediction.label
        colour = "green" if best else "blue"
        grid.add_row(
            Text(f"{label} {class_name(prediction.names[label])}", style="bold" if best else ""),
            ProgressBar(1.0, prediction.probabilities[label], width=BAR_WIDTH, style="dim", complete_style=colour),
            f"{prediction.probabilities[label]:.4f}",
        )
    if len(ranked) > MOST_BARS:
        grid.add_row(_("and {count} more", count=len(ranked) - MOST_BARS), "", "")
    return grid


def _lines(predictions: Sequence[Prediction]) -> RenderableType:
    grid = table()
    grid.add_column(_("image"))
    grid.add_column(_("answer"), style="bold")
    right(grid, _("probability"))
    grid.add_column(_("truth"))
    grid.add_column(_("notes"), style="yellow")
    for each in predictions:
        answer, truth = class_name(each.name), class_name(each.truth or "")
        grid.add_row(image_name(each), answer, f"{each.probability:.4f}", truth, "; ".join(each.notes))
    return grid
