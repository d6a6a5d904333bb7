"""`kerasnn stages` and `kerasnn summary`: the networks of the lecture, and the layers of one."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from kerasnn.language import _
from kerasnn.records import ModelSummary, StageRow
from kerasnn.views.format import format_range, format_shape
from kerasnn.views.table import right, table


def stages_view(rows: Sequence[StageRow]) -> RenderableType:
    """Return a table of all stages, then the model of each and its difference from the stage before."""
    grid = table(_("The stages of the lecture: batches of 32 images, seed 42"))
    grid.add_column(_("stage"), style="bold", no_wrap=True)
    grid.add_column(_("optimizer"))
    right(grid, _("epochs"), _("parameters"))
    grid.add_column(_("published accuracy"), no_wrap=True)
    for row in rows:
        # scikit-learn's SGDClassifier brings one
        optimizer = _("its own") if row.optimizer == "its own" else row.optimizer
        published = format_range(row.published) if row.published else "-"
        grid.add_row(row.stage, optimizer, str(row.epochs), f"{row.parameters:,}", published)
    steps = Table.grid(padding=(0, 2))
    steps.add_column(style="bold", no_wrap=True)
    steps.add_column(overflow="fold")
    for row in rows:
        steps.add_row(row.stage, Text.assemble(row.model, "\n", (_(row.step), "dim")))
    return Group(grid, steps)


def summary_view(summary: ModelSummary) -> RenderableType:
    """Return a table with one row per layer, then the totals as Keras prints them."""
    grid = table(_("{name}: input {shape}", name=summary.stage, shape=format_shape(summary.input_shape)))
    layer, shape, parameters, counted = layer_columns()
    grid.add_column(layer)
    grid.add_column(shape, no_wrap=True)
    right(grid, parameters)
    grid.add_column(counted)
    for row in layer_rows(summary):
        grid.add_row(*row)
    count = summary.parameters
    totals = _(
        "total {total:,}   trainable {trainable:,}   non-trainable {fixed:,}", fixed=count.non_trainable, **vars(count)
    )
    none = _("None is the batch dimension: any number of images.") + "\n"
    return Group(grid, Text(totals, style="bold"), Text(none, "dim"))


def layer_columns() -> tuple[str, str, str, str]:
    """Return the headers of a table of layers."""
    return _("layer (type)"), _("output shape"), _("parameters"), _("how they are counted")


def layer_rows(summary: ModelSummary) -> list[tuple[str, str, str, str]]:
    """Return the cells of a table of layers, one row per layer."""
    return [
        (f"{each.name} ({each.type})", format_shape(each.output_shape), f"{each.parameters:,}", _formula(each.formula))
        for each in summary.layers
    ]


def _formula(text: str) -> str:
    """Translate the words in a layer's formula; numbers stay as they are."""
    if text.endswith(" values"):
        return _("{arithmetic} values", arithmetic=text.removesuffix(" values"))
    if text.startswith("drops "):  # such as 'drops 20% while training'
        return _("drops {share} while training", share=text.split()[1])
    return text
