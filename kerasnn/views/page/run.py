"""A run as parts of a page: results, curves, settings, environment; `page.model` adds those of its model."""

from dataclasses import replace

from kerasnn.language import _
from kerasnn.lecture.hyperparameters import HYPERPARAMETERS, format_value
from kerasnn.records import ReportedRun, Run
from kerasnn.records.note import changes, sentence
from kerasnn.records.reading import told_by_curves
from kerasnn.views.figures.curves import save_curves
from kerasnn.views.format import describe_dataset, format_duration, format_metric, run_name, setting_label
from kerasnn.views.page.blocks import Block, Facts, Listing, Paragraph, Part, Table, picture
from kerasnn.views.page.model import class_blocks, mistake_blocks, model_blocks, weight_blocks
from kerasnn.views.run import results_table
from kerasnn.views.table import STAND_IN


def run_parts(reported: ReportedRun, prefix: str = "") -> tuple[Part, ...]:
    """Return all parts of one run; `prefix`: of their anchors, on a page with several runs."""
    run = reported.run
    made = (
        ("results", _("Results"), result_blocks(run)),
        ("curves", _("Learning curves"), curve_blocks(run)),
        ("model", _("The network"), model_blocks(reported)),
        ("settings", _("Settings"), _settings(run)),
        ("classes", _("Class by class"), class_blocks(reported.evaluation)),
        ("mistakes", _("The worst mistakes"), mistake_blocks(reported.evaluation)),
        ("weights", _("The weights as images"), weight_blocks(reported.weights)),
        ("environment", _("Data, machine and versions"), _environment(run)),
    )
    return tuple(Part(prefix + name, title, tuple(blocks)) for name, title, blocks in made if blocks)


def result_blocks(run: Run) -> list[Block]:
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
    blocks += [Paragraph(f"{sentence(note)}.", "note") for note in (*run.dataset.notes, *run.notes)]
    if run.dataset.stand_in:
        blocks.append(Paragraph(_(STAND_IN), "note"))
    return blocks


def _highlights(run: Run) -> Facts:
    pairs = []
    for name, scores in ((_("test accuracy"), run.test), (_("validation accuracy"), run.validation)):
        if scores is not None:
            pairs.append((name, f"{scores.accuracy:.2%}"))
    if run.validation is not None:
        pairs.append((_("validation loss"), format_metric(run.validation.loss)))
    pairs.append((_("parameters"), f"{run.parameters:,}"))
    if run.kept_epoch:
        pairs.append((_("saved epoch"), str(run.kept_epoch)))
    return Facts(tuple(pairs), large=True)


def curve_blocks(run: Run) -> list[Block]:
    if run.reading is None or not run.history:
        return []
    sentences = told_by_curves(run.reading)  # whoever reads a page later has no use for a next command
    description = _(
        "Training and validation curves of the loss and accuracy of {stage}; epochs: {epochs}.",
        stage=run_name(run),
        epochs=len(run.history),
    )
    every = tuple(
        (str(each.epoch), *map(format_metric, (each.loss, each.accuracy, each.val_loss, each.val_accuracy)))
        for each in run.history
    )
    columns = (_("epoch"), _("loss"), _("accuracy"), _("validation loss"), _("validation accuracy"))
    return [
        # the diagnosis stands below as text
        picture(lambda path: save_curves(replace(run, reading=None), path), description),
        Listing(tuple(sentences)),
        Table(_("Every epoch"), columns, every, frozenset(range(5)), folded=True),
    ]


def _settings(run: Run) -> list[Block]:
    pairs = [
        (setting_label(row.name), format_value(getattr(run.settings, row.name)))
        for row in HYPERPARAMETERS
        if run.settings.hidden or not row.hidden_only  # a network without hidden layers has no activation
    ]
    return [Facts((*pairs, (setting_label("engine"), run.engine)))]


def _environment(run: Run) -> list[Block]:
    environment, spent = run.environment, run.seconds
    pairs = [
        (_("images"), describe_dataset(run.dataset)),
        (_("sha256 of the images"), run.dataset.sha256),
        (_("device"), _("{device}, threads: {threads}", device=environment.device, threads=environment.threads)),
        (_("system"), environment.platform),
        *environment.versions.items(),
    ]
    if environment.backend:
        pairs.insert(2, (_("backend of Keras"), environment.backend))
    if run.started:
        pairs.append((_("started"), run.started))
    if spent is not None:
        parts = ((_("total"), spent.total), (_("compiling"), spent.compile), (_("training"), spent.train))
        pairs.append((_("time"), ", ".join(f"{name} {format_duration(seconds)}" for name, seconds in parts)))
    read = run.dataset.conversions
    return [Facts(tuple(pairs)), *([Paragraph(changes(read))] if read else [])]
