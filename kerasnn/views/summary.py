"""`kerasnn summary`: a model's layers and how their parameters are counted."""

from rich.console import Group, RenderableType
from rich.text import Text

from kerasnn.language import _
from kerasnn.records import ModelSummary
from kerasnn.views.format import format_shape
from kerasnn.views.table import right, table


def summary_view(summary: ModelSummary) -> RenderableType:
    """Return a table with one row per layer, then the totals as Keras prints them."""
    grid = table(_("{name}: input {shape}", name=summary.stage, shape=format_shape(summary.input_shape)))
    grid.add_column(_("layer (type)"))
    grid.add_column(_("output shape"), no_wrap=True)
    right(grid, _("parameters"))
    grid.add_column(_("how they are counted"))
    for layer in summary.layers:
        name = f"{layer.name} ({layer.type})"
        grid.add_row(name, format_shape(layer.output_shape), f"{layer.parameters:,}", formula(layer.formula))
    count = summary.parameters
    totals = _(
        "total {total:,}   trainable {trainable:,}   non-trainable {fixed:,}",
        total=count.total,
        trainable=count.trainable,
        fixed=count.non_trainable,
    )
    none = _("None is the batch dimension: any number of images.") + "\n"
    return Group(grid, Text(totals, style="bold"), Text(none, "dim"))


def formula(text: str) -> str:
    """Translate the words in a layer's formula; numbers stay as they are."""
    if text.endswith(" values"):
        return _("{arithmetic} values", arithmetic=text.removesuffix(" values"))
    if text.startswith("drops "):
        return _("drops {share} while training", share=text.split()[1])
    return text
