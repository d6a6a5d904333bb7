"""`kerasnn stages`, `summary` and `weights`: the networks of the lecture; the layers and the weights of one."""

from collections.abc import Sequence
from typing import Final

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Column, Table
from rich.text import Text

from kerasnn.language import _, ngettext
from kerasnn.lecture.layer import FROZEN, formula_in_language
from kerasnn.records import ModelSummary, Note, StageRow, UnitWeights, WeightMaps
from kerasnn.views.drawings import SignedPicture, signed_legend, thinned
from kerasnn.views.format import class_name, format_range, format_shape
from kerasnn.views.table import in_rows, note_lines, right, table

FEW: Final = 10  # units
SMALL: Final = 14  # columns of a map among others
GAP: Final = 2
STRONGEST: Final = 5  # outgoing weights


def stages_view(rows: Sequence[StageRow]) -> RenderableType:
    """Return a table of all stages, then the model of each and its difference from the stage before."""
    columns: list[Column | str] = [Column(_("stage"), style="bold", no_wrap=True), _("optimizer")]
    columns += [*right(_("epochs"), _("parameters")), _("published accuracy")]
    grid = table(_("The stages of the lecture: batches of 32 images, seed 42"), *columns)
    for row in rows:
        # scikit-learn's SGDClassifier brings one
        optimizer = _("its own") if row.optimizer == "its own" else row.optimizer
        published = format_range(row.published) if row.published else "-"
        grid.add_row(row.stage, optimizer, str(row.epochs), f"{row.parameters:,}", published)
    steps = Table.grid(Column(style="bold", no_wrap=True), Column(overflow="fold"), padding=(0, 2))
    for row in rows:
        steps.add_row(row.stage, Text.assemble(row.model, "\n", (_(row.step), "dim")))
    return Group(grid, steps)


def summary_view(summary: ModelSummary) -> RenderableType:
    """Return a table with one row per layer, then the totals as Keras prints them."""
    layer, shape, parameters, counted = layer_columns()
    title = _("{name}: input {shape}", name=summary.stage, shape=format_shape(summary.input_shape))
    grid = table(title, layer, Column(shape, no_wrap=True), *right(parameters), counted)
    for row in layer_rows(summary):
        grid.add_row(*row)
    count = summary.parameters
    totals = _(
        "total {total:,}   trainable {trainable:,}   non-trainable {fixed:,}", fixed=count.non_trainable, **vars(count)
    )
    none = _("None is the batch dimension: any number of images.")
    layers = sum(row.parameters > 0 and not row.formula.endswith(FROZEN) for row in summary.layers)
    begin = ngettext(
        "{name} learns {total:,} numbers, in {count} layer.",
        "{name} learns {total:,} numbers, in {count} layers.",
        layers,
        name=summary.stage,
        total=count.trainable,
    )
    return Group(
        Text(begin, "bold"), grid, Text(totals, style="bold"), Text(none, "dim"), *note_lines(summary.notes), Text()
    )


def layer_columns() -> tuple[str, str, str, str]:
    """Return the headers of a table of layers."""
    return _("layer (type)"), _("output shape"), _("parameters"), _("how they are counted")


def layer_rows(summary: ModelSummary) -> list[tuple[str, str, str, str]]:
    """Return the cells of a table of layers, one row per layer."""
    return [
        (
            f"{each.name} ({each.type})",
            format_shape(each.output_shape),
            f"{each.parameters:,}",
            formula_in_language(each.formula),
        )
        for each in summary.layers
    ]


def weights_view(maps: WeightMaps) -> RenderableType:
    """Return a small image for each class, or for the hidden units with the strongest weights."""
    ranked = sorted(maps.units, key=lambda unit: -unit.strength)
    shown = maps.units if maps.outputs or len(maps.units) <= FEW else tuple(ranked[:FEW])
    small = [thinned(unit.weights, SMALL) for unit in shown]
    limit = _limit(small)
    sheet = _Sheet([_numbered(unit) for unit in shown], [SignedPicture(rows, limit) for rows in small])
    parts: list[RenderableType] = [Text(_title(maps), "bold"), Text(), sheet, _legend(limit)]
    if len(shown) < len(maps.units):
        more = _(
            "These are the {shown} with the strongest incoming and outgoing weights; --plots draws "
            "all {count}, --unit N shows one.",
            shown=len(shown),
            count=len(maps.units),
        )
        parts.append(Text(more, "dim"))
    return Group(*parts, *note_lines(maps.notes))


def _title(maps: WeightMaps) -> str:
    if maps.outputs:
        return _("{model}: the weights of each class", model=maps.model)
    return ngettext(
        "{model}: the weights of the one unit of layer {layer}",
        "{model}: the weights of the {count} units of layer {layer}",
        len(maps.units),
        **vars(maps),
    )


def unit_view(unit: UnitWeights, notes: tuple[Note, ...] = ()) -> RenderableType:
    """Return a large image of one unit, with its bias, its strongest outgoing weights, and `notes` on the model."""
    limit = _limit([unit.weights])
    numbers = _("bias {bias:.4f}, weights from {smallest:.4f} to {largest:.4f}", **vars(unit))
    parts: list[RenderableType] = [Text.assemble((_numbered(unit), "bold"), f"   {numbers}\n")]
    parts += [SignedPicture(unit.weights, limit), _legend(limit)]
    if unit.reaches:
        grid = Table.grid(padding=(0, 2))
        for reach in unit.reaches[:STRONGEST]:
            effect = _("supports") if reach.weight >= 0 else _("opposes")
            grid.add_row(effect, class_name(reach.name), f"{reach.weight:+.4f}")
        parts += [Text(_("Strongest outgoing weights"), "bold"), grid]
    return Group(*parts, *note_lines(notes))


class _Sheet:
    """Pictures in rows of as many as fit, each below its name."""

    def __init__(self, names: Sequence[str], pictures: Sequence[SignedPicture]) -> None:
        self.parts = [
            Group(Text(name, no_wrap=True, overflow="crop"), picture)
            for name, picture in zip(names, pictures, strict=True)
        ]
        self.width = max(len(picture.rows[0]) for picture in pictures)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        across = max(1, min((options.max_width + GAP) // (self.width + GAP), 5))  # the last one needs no gap
        yield in_rows(self.parts, across, (0, GAP, 1, 0))


def unit_name(unit: UnitWeights) -> str:
    """Return the number of a hidden unit, or the class of an output unit."""
    return _("unit {number}", number=unit.unit) if unit.reaches else class_name(unit.name)


def _numbered(unit: UnitWeights) -> str:
    return unit_name(unit) if unit.reaches else f"{unit.unit} {unit_name(unit)}"


def _limit(maps: Sequence[Sequence[Sequence[float]]]) -> float:
    """Return the 99.5 % quantile of the absolute values, so that a few outliers do not fade all others."""
    sizes = sorted(abs(value) for rows in maps for row in rows for value in row)
    return sizes[int(0.995 * (len(sizes) - 1))] or 1.0


def _legend(limit: float) -> Text:
    return signed_legend(
        _("below 0: against the unit, to {limit:.2f}", limit=-limit), _("above 0: for it, to {limit:.2f}", limit=limit)
    )
