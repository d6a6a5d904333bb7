"""`kerasnn explain`"""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

import kerasnn
from kerasnn.cli.command import command, command_app
from kerasnn.cli.console import Output
from kerasnn.cli.localized_help import filled
from kerasnn.cli.options import DataDirOption, ModelDatasetOption, OutOption, PlotsOption
from kerasnn.files.paths import RUNS
from kerasnn.language import N_, _
from kerasnn.lecture.topics import TOPICS

app = command_app()


@command(app, "explain")
def explain(
    output: Output,
    topic: Annotated[
        str | None,
        typer.Argument(
            metavar="[TOPIC]", help=filled(N_("One of {names}."), names=", ".join(topic.name for topic in TOPICS))
        ),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            "--model",
            metavar="MODEL",
            help=N_("A stage, latest, a run's id, or a path; default: the reference model that suits the topic."),
        ),
    ] = None,
    index: Annotated[int, typer.Option("--index", metavar="N", help=N_("A test image by its number from 0."))] = 0,
    answer: Annotated[bool, typer.Option("--answer", help=N_("Show the answer to the question at the end."))] = False,
    plots: PlotsOption = None,
    dataset: ModelDatasetOption = None,
    data_dir: DataDirOption = None,
    out: OutOption = RUNS,
) -> None:
    """Work an idea of the lecture out on a trained network and an image; without TOPIC, list the ideas.

    Example: kerasnn explain linear --index 3 --answer

    Example: kerasnn explain dropout --model latest --lang ko
    """
    from kerasnn.views.explanation import explanation_view, topics_view

    if topic is None:
        output.show(kerasnn.topics(), topics_view)
        return
    with output.listening() as listener:
        work_out = partial(
            kerasnn.explain, topic, model=model, index=index, dataset=dataset, data_dir=data_dir, out=out
        )
        explanation = work_out(listener=listener)
    output.show(explanation, lambda record: explanation_view(record, answer=answer))
    if plots is not None:
        from kerasnn.views.figures.explanation import can_write, save_explanation

        if not can_write(explanation.language):
            output.note(_("No font here has Hangul: the pictures are labelled in English."))
            explanation = work_out(lang="en")
        for path in save_explanation(explanation, Path(plots)):
            output.note(_("drawn: {path}", path=path))
