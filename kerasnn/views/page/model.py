"""The model of a run as blocks of a page: layers, scores of each class, mistakes, weights."""

from pathlib import Path
from typing import Final

import numpy as np

from kerasnn.language import _, ngettext
from kerasnn.records import Diagram, Evaluation, ModelSummary, ReportedRun, WeightMaps
from kerasnn.views.figures.answers import save_confusion
from kerasnn.views.figures.images import MOST_MISTAKES, save_mistakes, save_weight_maps
from kerasnn.views.figures.letters import in_figure_language
from kerasnn.views.format import class_name, describe_confusion
from kerasnn.views.network.layout import Look, described
from kerasnn.views.network.svg import network_svg
from kerasnn.views.page.blocks import Block, Listing, Paragraph, Picture, Table, picture, svg_address
from kerasnn.views.stages import layer_columns, layer_rows

MOST_WEIGHTS: Final = 100  # images of units


def model_blocks(reported: ReportedRun) -> list[Block]:
    if reported.summary is None:
        return []
    drawn = [diagram_picture(reported.diagram)] if reported.diagram is not None else []
    return [layer_table(reported.summary), *drawn]


def layer_table(summary: ModelSummary) -> Table:
    note = _(
        "{count:,} parameters in total. None is the batch dimension: any number of images.",
        count=summary.parameters.total,
    )
    return Table(_("Layers, from the input"), layer_columns(), tuple(layer_rows(summary)), frozenset({2}), note)


def diagram_picture(diagram: Diagram) -> Picture:
    look = Look()
    return Picture(svg_address(network_svg(diagram, look)), described(diagram, look))


def class_blocks(evaluation: Evaluation | None) -> list[Block]:
    if evaluation is None:
        return []
    rows = tuple(
        (
            f"{row.label} {class_name(row.name)}",
            *(f"{value:.3f}" for value in (row.precision, row.recall, row.f1)),
            f"{row.support:,}",
        )
        for row in evaluation.classes
    )
    columns = (_("class"), _("precision"), _("recall"), "F1", _("images"))
    confused = tuple(map(describe_confusion, evaluation.confused))
    description = _("Confusion matrix. Most often: {pairs}.", pairs="; ".join(confused) or _("no mistakes"))
    return [
        Table(_("Each class on the test images"), columns, rows, frozenset(range(1, 5))),
        picture(lambda path: save_confusion(evaluation, path), description),
        Paragraph(_("Confused most often:")),
        Listing(confused or (_("no mistakes"),)),
    ]


def mistake_blocks(evaluation: Evaluation | None) -> list[Block]:
    if evaluation is None or not evaluation.mistakes:
        return []
    shown = "; ".join(
        _("{truth} taken for {answer}", truth=class_name(mistake.truth), answer=class_name(mistake.answer))
        for mistake in evaluation.mistakes[:MOST_MISTAKES]
    )
    description = _("The worst mistakes: {shown}.", shown=shown)
    lead = _("The wrong answers with the highest loss: the true class got the lowest probability.")
    return [Paragraph(lead), picture(lambda path: save_mistakes(evaluation, path), description)]


def weight_blocks(maps: WeightMaps | None) -> list[Block]:
    if maps is None:
        return []
    units = maps.units[:MOST_WEIGHTS]
    titles = [f"{unit.unit} {unit.name}" if maps.outputs else str(unit.unit) for unit in units]
    weights = np.array([unit.weights for unit in units])
    lead = (
        _(
            "Where the weights of a class are above 0, a light pixel raises its score; where they are below 0, "
            "it lowers it."
        )
        if maps.outputs
        else _("What each hidden unit looks for: light where its weights are above 0, dark where they are below.")
    )
    description = ngettext(
        "Image of the weights of {count} unit of layer {layer}.",
        "Images of the weights of {count} units of layer {layer}.",
        len(units),
        layer=maps.layer,
    )

    @in_figure_language
    def draw(path: Path) -> None:
        heading = _("{model}: weights of layer {layer}", model=maps.model, layer=maps.layer)
        save_weight_maps(weights, titles, path, heading=heading)

    return [Paragraph(lead), picture(draw, description)]
