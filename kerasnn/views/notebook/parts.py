"""The records that a notebook shows as the report page does: headed blocks with pictures."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from kerasnn.language import _
from kerasnn.lecture.titles import training_title
from kerasnn.records import (
    DataOverview,
    Diagram,
    Evaluation,
    Explanation,
    ModelSummary,
    Note,
    Prediction,
    Race,
    Report,
    Reproduction,
    Run,
    RunComparison,
    WeightMaps,
)
from kerasnn.records.note import sentence
from kerasnn.views.figures.answers import prediction_title, save_probabilities
from kerasnn.views.figures.curves import save_runs
from kerasnn.views.figures.images import save_contact_sheet
from kerasnn.views.figures.studies import save_race, save_reproduction
from kerasnn.views.format import describe_dataset, format_metric
from kerasnn.views.page.blocks import Block, Facts, Paragraph, Part, Table, picture
from kerasnn.views.page.model import class_blocks, diagram_picture, layer_table, mistake_blocks, weight_blocks
from kerasnn.views.page.render import explanation_part, report_parts
from kerasnn.views.page.run import curve_blocks, result_blocks
from kerasnn.views.runs import cells_of, letter, result_rows

Parts = list[Part]


def _part(title: str, *blocks: Block, notes: Iterable[Note | str] = ()) -> Parts:
    return [Part("", title, (*blocks, *(Paragraph(f"{sentence(note)}.", "note") for note in notes)))]


def _run(run: Run) -> Parts:
    results = result_blocks(run) if run.validation is not None else []
    failed = [Paragraph(_("Training failed: {fault}.", fault=sentence(run.fault)), "bad")] if run.fault else []
    return _part(f"{training_title(run.stage, run.settings)}: {run.run}", *failed, *results, *curve_blocks(run))


def _summary(summary: ModelSummary) -> Parts:
    return _part(summary.stage, layer_table(summary), notes=summary.notes)


def _evaluation(evaluation: Evaluation) -> Parts:
    measured = (
        (_("test accuracy"), format_metric(evaluation.test.accuracy)),
        (_("test loss"), format_metric(evaluation.test.loss)),
        (_("validation accuracy"), format_metric(evaluation.validation.accuracy)),
        (_("validation loss"), format_metric(evaluation.validation.loss)),
    )
    about = Paragraph(describe_dataset(evaluation.dataset), "note")
    blocks = (*class_blocks(evaluation), *mistake_blocks(evaluation))
    return _part(evaluation.model, Facts(measured, large=True), about, *blocks, notes=evaluation.notes)


def _prediction(prediction: Prediction) -> Parts:
    title = prediction_title(prediction)
    drawn = picture(lambda path: save_probabilities(prediction, path), title)
    return _part(title, drawn, notes=prediction.notes)


def _comparison(comparison: RunComparison) -> Parts:
    runs = comparison.runs
    places = [letter(place) for place in range(len(runs))]
    cells = tuple(map(cells_of, (*comparison.settings, *comparison.surroundings, *result_rows(runs))))
    names = Facts(tuple((place, run.run) for place, run in zip(places, runs, strict=True)))
    table = Table(_("Side by side"), ("", *places), cells, frozenset(range(1, len(runs) + 1)))
    drawn = []
    if any(run.history for run in runs):
        curves = [(place, run.history) for place, run in zip(places, runs, strict=True) if run.history]
        description = _("Validation loss and accuracy by epoch")
        drawn.append(picture(lambda path: save_runs(curves, path), description))
    return _part(_("Compared"), names, table, *drawn)


def _explanation(explanation: Explanation) -> Parts:
    return [explanation_part(explanation)]


def _weights(maps: WeightMaps) -> Parts:
    title = _("{model}: weights of layer {layer}", model=maps.model, layer=maps.layer)
    return _part(title, *weight_blocks(maps), notes=maps.notes)


def _diagram(diagram: Diagram) -> Parts:
    return _part(diagram.name, diagram_picture(diagram), notes=diagram.notes)


def _overview(overview: DataOverview) -> Parts:
    name = overview.dataset.name
    return _part(name, picture(lambda path: save_contact_sheet(overview, path), name))


def _race(race: Race) -> Parts:
    return _part(race.stage, picture(lambda path: save_race(race, path), _("Optimizers")))


def _reproduction(found: Reproduction) -> Parts:
    name = found.dataset.name
    return _part(name, picture(lambda path: save_reproduction(found, path), name))


PARTS: Final[dict[type | None, Callable[[Any], Parts]]] = {
    Run: _run,
    ModelSummary: _summary,
    Evaluation: _evaluation,
    Prediction: _prediction,
    RunComparison: _comparison,
    Explanation: _explanation,
    Report: report_parts,
    WeightMaps: _weights,
    Diagram: _diagram,
    DataOverview: _overview,
    Race: _race,
    Reproduction: _reproduction,
}
