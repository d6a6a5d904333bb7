"""A run as parts of a page: settings, results, curves, confusion, mistakes, weights, surroundings."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np

from kerasnn.language import _
from kerasnn.lecture.hyperparameters import HYPERPARAMETERS, format_value
from kerasnn.records import Evaluation, ReportedRun, Run, WeightMaps
from kerasnn.records.note import sentence
from kerasnn.views.figures.confusion import save_confusion
from kerasnn.views.figures.curves import save_curves
from kerasnn.views.figures.fonts import written
from kerasnn.views.figures.images import save_mistakes
from kerasnn.views.figures.weights import save_weight_maps
from kerasnn.views.format import (
    class_name,
    describe_confusion,
    describe_dataset,
    format_duration,
    format_metric,
    format_settings,
    format_shape,
    setting_label,
)
from kerasnn.views.network.layout import Look, described
from kerasnn.views.network.svg import network_svg
from kerasnn.views.notices import STAND_IN
from kerasnn.views.page.blocks import Block, Facts, Highlights, Listing, Paragraph, Part, Picture, Table
from kerasnn.views.page.pictures import picture, svg_address
from kerasnn.views.reading import reading_sentences
from kerasnn.views.results import results_table
from kerasnn.views.summary import formula

MOST_WEIGHTS = 100


def run_parts(reported: ReportedRun, prefix: str = "") -> tuple[Part, ...]:
    """Everything of one run; `prefix`: put before the anchors, where a page shows several."""
    run = reported.run
    made = (
        ("results", _("Results"), _results(run)),
        ("curves", _("The curves and what they say"), _curves(run)),
        ("model", _("The network"), _model(reported)),
        ("settings", _("Settings"), _settings(run)),
        ("classes", _("Class by class"), _classes(reported.evaluation)),
        ("mistakes", _("The worst mistakes"), _mistakes(reported.evaluation)),
        ("weights", _("The weights as images"), _weights(reported.weights)),
        ("surroundings", _("Data, machine and versions"), _surroundings(run)),
    )
    return tuple(Part(prefix + name, title, tuple(blocks)) for name, title, blocks in made if blocks)


def _results(run: Run) -> list[Block]:
    found = results_table(run)
    published = (found.published,) if found.published else ()
    columns = (_("weights of"), *(f"{part} {metric}" for part, metric in found.columns))
    blocks: list[Block] = [
        _highlights(run),
        Table(
            caption=_("Loss and accuracy"),
            columns=columns,
            rows=(*found.rows, *published),
            numbers=frozenset(range(1, len(columns))),
            note="; ".join(found.notes),
        ),
    ]
    if run.overrides:
        changed = format_settings(run.overrides)
        blocks.append(
            Paragraph(
                _("Changed from the lecture: {changed}. The published figures do not apply.", changed=changed), "note"
            )
        )
    blocks += [Paragraph(f"{sentence(note)}.", "note") for note in run.notes]
    if run.dataset.stand_in:
        blocks.append(Paragraph(_(STAND_IN), "note"))
    return blocks


def _highlights(run: Run) -> Highlights:
    figures = [
        (f"{scores.accuracy:.2%}", name)
        for scores, name in (
            (run.test, _("of the test images right")),
            (run.validation, _("of the validation images right")),
        )
        if scores is not None
    ]
    if run.validation is not None:
        figures.append((format_metric(run.validation.loss), _("validation loss")))
    figures.append((f"{run.parameters:,}", _("parameters learnt")))
    if run.kept_epoch:
        figures.append((str(run.kept_epoch), _("the epoch whose weights were kept")))
    return Highlights(tuple(figures))


def _curves(run: Run) -> list[Block]:
    if run.reading is None or not run.history:
        return []
    best_loss = min(epoch.val_loss for epoch in run.history)
    sentences = reading_sentences(run.reading, best_loss)
    description = _(
        "Curves of loss and accuracy of {stage} over {epochs} epochs, training beside validation.",
        stage=run.stage,
        epochs=len(run.history),
    )
    every = tuple(
        (
            str(epoch.epoch),
            *(f"{value:.4f}" for value in (epoch.loss, epoch.accuracy, epoch.val_loss, epoch.val_accuracy)),
        )
        for epoch in run.history
    )
    columns = (_("epoch"), _("loss"), _("accuracy"), _("validation loss"), _("validation accuracy"))
    return [
        picture(lambda path: save_curves(replace(run, reading=None), path), description),
        Listing(tuple(sentences)),
        Table(_("Every epoch"), columns, every, frozenset(range(5)), folded=True),
    ]


def _model(reported: ReportedRun) -> list[Block]:
    summary = reported.summary
    if summary is None:
        return []
    rows = tuple(
        (
            f"{layer.name} ({layer.type})",
            format_shape(layer.output_shape),
            f"{layer.parameters:,}",
            formula(layer.formula),
        )
        for layer in summary.layers
    )
    columns = (_("layer (type)"), _("output shape"), _("parameters"), _("how they are counted"))
    note = _(
        "{count:,} parameters in all. None is the batch dimension: any number of images.",
        count=summary.parameters.total,
    )
    blocks: list[Block] = [Table(_("Layers, from the input on"), columns, rows, frozenset({2}), note)]
    diagram = reported.diagram
    if diagram is not None:
        look = Look()
        blocks.append(Picture(svg_address(network_svg(diagram, look)), described(diagram, look)))
    return blocks


def _settings(run: Run) -> list[Block]:
    pairs = [
        (setting_label(row.name), format_value(getattr(run.settings, row.name)))
        for row in HYPERPARAMETERS
        if run.settings.hidden or not row.hidden_only
    ]
    return [Facts((*pairs, (setting_label("engine"), run.engine)))]


def _classes(evaluation: Evaluation | None) -> list[Block]:
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
        picture(lambda path: save_confusion(evaluation, path), description, wide=False),
        Paragraph(_("Confused most often:")),
        Listing(confused or (_("no mistakes"),)),
    ]


def _mistakes(evaluation: Evaluation | None) -> list[Block]:
    if evaluation is None or not evaluation.mistakes:
        return []
    shown = "; ".join(
        _("{truth} taken for {answer}", truth=class_name(mistake.truth), answer=class_name(mistake.answer))
        for mistake in evaluation.mistakes
    )
    description = _("The {count} worst mistakes: {shown}.", count=len(evaluation.mistakes), shown=shown)
    lead = _("The wrong answers that cost the most loss: the right class was thought least likely.")
    return [Paragraph(lead), picture(lambda path: save_mistakes(evaluation, path), description)]


def _weights(maps: WeightMaps | None) -> list[Block]:
    if maps is None:
        return []
    units = maps.units[:MOST_WEIGHTS]
    titles = [f"{unit.unit} {unit.name}" if maps.outputs else str(unit.unit) for unit in units]
    weights = np.array([unit.weights for unit in units])
    lead = (
        _("Where the weights of a class are above 0, a light pixel speaks for it; where below, against it.")
        if maps.outputs
        else _("What each hidden unit looks for: light where its weights are above 0, dark where they are below.")
    )
    description = _("Images of the weights of {count} units of layer {layer}.", count=len(units), layer=maps.layer)

    @written
    def draw(path: Path) -> None:
        heading = _("{model}: weights of layer {layer}", model=maps.model, layer=maps.layer)
        save_weight_maps(weights, titles, path, heading=heading)

    return [Paragraph(lead), picture(draw, description)]


def _surroundings(run: Run) -> list[Block]:
    surroundings, spent = run.environment, run.seconds
    pairs = [
        (_("images"), describe_dataset(run.dataset)),
        (_("sha256 of the images"), run.dataset.sha256),
        (_("device"), _("{device}, {threads} threads", device=surroundings.device, threads=surroundings.threads)),
        (_("system"), surroundings.platform),
        *surroundings.versions.items(),
    ]
    if surroundings.backend:
        pairs.insert(2, (_("backend of Keras"), surroundings.backend))
    if run.started:
        pairs.append((_("started"), run.started))
    if spent is not None:
        parts = ((_("in all"), spent.total), (_("compiling"), spent.compile), (_("training"), spent.train))
        pairs.append((_("time"), ", ".join(_duration(parts))))
    return [Facts(tuple(pairs))]


def _duration(parts: Iterable[tuple[str, float]]) -> Iterable[str]:
    return (f"{name} {format_duration(seconds)}" for name, seconds in parts)
