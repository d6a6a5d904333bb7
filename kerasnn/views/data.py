"""`kerasnn data`: which files are there, and what the images look like in numbers."""

from rich.console import Group, RenderableType
from rich.text import Text

from kerasnn.records import DataCheck, DataOverview
from kerasnn.views import words
from kerasnn.views.table import right, table

_STYLE = {"good": "green", "missing": "yellow", "corrupt": "red"}


def check_view(check: DataCheck) -> RenderableType:
    """One row a file, and the verdict."""
    grid = table(f"Fashion-MNIST in {check.location}")
    grid.add_column("file", no_wrap=True)
    grid.add_column("state")
    grid.add_column("detail")
    for file in check.files:
        grid.add_row(file.name, Text(file.state, style=_STYLE[file.state]), file.detail)
    verdict = Text("All four files are as published.", "green") if check.good else Text("The data are not good.", "red")
    return Group(grid, verdict)


def overview_view(overview: DataOverview) -> RenderableType:
    """Images of each class, and the pixels before and after dividing by 255."""
    info = overview.dataset
    rows, columns = info.shape
    heading = Text.assemble(
        (info.name, "bold"), f"   {rows} x {columns} pixels, {len(info.classes)} classes   {info.location}"
    )
    parts: list[RenderableType] = [heading, _counts(overview), _pixels(overview)]
    if info.stand_in:
        parts.append(Text(words.STAND_IN, style="yellow"))
    return Group(*parts)


def _counts(overview: DataOverview) -> RenderableType:
    grid = table("Images of each class")
    right(grid, "label")
    grid.add_column("class")
    right(grid, "training", "validation", "test")
    for label, (name, *counts) in enumerate(overview.class_counts):
        grid.add_row(str(label), name, *(f"{count:,}" for count in counts))
    info = overview.dataset
    grid.add_section()
    grid.add_row("", "all", *(f"{count:,}" for count in (info.train, info.validation, info.test)), style="bold")
    return grid


def _pixels(overview: DataOverview) -> RenderableType:
    grid = table("Pixels of the training images", caption="normalised: each byte 0..255 divided by 255")
    grid.add_column("")
    right(grid, "lowest", "highest", "mean", "standard deviation")
    for name, values in (("as they are", overview.raw), ("normalised", overview.normalised)):
        numbers = (values.minimum, values.maximum, values.mean, values.deviation)
        grid.add_row(name, *(f"{number:.4g}" for number in numbers))
    return grid
