"""`kerasnn stages`: the stages of the lecture."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from kerasnn.language import _
from kerasnn.records import StageRow
from kerasnn.views.format import format_range
from kerasnn.views.table import right, table


def stages_view(rows: Sequence[StageRow]) -> RenderableType:
    """Return a table of all stages, then the model of each and its difference from the stage before."""
    grid = table(_("The stages of the lecture: batches of 32 images, seed 42"))
    grid.add_column(_("stage"), style="bold", no_wrap=True)
    grid.add_column(_("optimizer"))
    right(grid, _("epochs"), _("parameters"))
    grid.add_column(_("published accuracy"), no_wrap=True)
    for row in rows:
        published = format_range(row.published) if row.published else "-"
        grid.add_row(
            row.stage,
            _("its own") if row.optimizer == "its own" else row.optimizer,
            str(row.epochs),
            f"{row.parameters:,}",
            published,
        )
    steps = Table.grid(padding=(0, 2))
    steps.add_column(style="bold", no_wrap=True)
    steps.add_column(overflow="fold")
    for row in rows:
        steps.add_row(row.stage, Text.assemble(row.model, "\n", (_(row.step), "dim")))
    return Group(grid, steps)
