"""`kerasnn summary`: a model's layers and how their parameters are counted."""

from rich.console import Group, RenderableType
from rich.text import Text

from kerasnn.records import ModelSummary
from kerasnn.views import words
from kerasnn.views.table import right, table


def summary_view(summary: ModelSummary) -> RenderableType:
    """One row a layer, then the totals as Keras prints them."""
    grid = table(f"{summary.stage}: input {words.shape(summary.input_shape)}")
    grid.add_column("layer (type)")
    grid.add_column("output shape", no_wrap=True)
    right(grid, "parameters")
    grid.add_column("how they are counted")
    for layer in summary.layers:
        name = f"{layer.name} ({layer.type})"
        grid.add_row(name, words.shape(layer.output_shape), f"{layer.parameters:,}", layer.formula)
    count = summary.parameters
    totals = f"total {count.total:,}   trainable {count.trainable:,}   non-trainable {count.non_trainable:,}"
    return Group(grid, Text(totals, style="bold"), Text("None is the batch dimension: any number of images.\n", "dim"))
