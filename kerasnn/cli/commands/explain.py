"""`kerasnn explain`"""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import kerasnn
from kerasnn.cli.command import command
from kerasnn.cli.console import Output
from kerasnn.cli.localized_help import filled
from kerasnn.cli.options import ForcePicturesOption, ModelData, PlotsOption, RunsOption
from kerasnn.cli.subjects import ModelChoice
from kerasnn.files.paths import RUNS
from kerasnn.language import N_, _
from kerasnn.lecture.topics import TOPICS

if TYPE_CHECKING:
    from collections.abc import Callable

    from kerasnn.records import Explanation

_TOPICS_HELP = filled(N_("One of {names}."), names=", ".join(topic.name for topic in TOPICS))
Topic = Annotated[str | None, typer.Argument(metavar="TOPIC", help=_TOPICS_HELP)]
Index = Annotated[int, typer.Option("--index", metavar="N", help=N_("Number of a test image, from 0."))]
Answer = Annotated[bool, typer.Option("--answer", help=N_("Show the answer to the question at the end."))]


@command("explain")
def explain(
    output: Output,
    topic: Topic = None,
    *,
    chosen: ModelChoice,
    index: Index = 0,
    answer: Answer = False,
    plots: PlotsOption = None,
    force: ForcePicturesOption = False,
    data: ModelData,
    out: RunsOption = RUNS,
) -> None:
    """Explain an idea of the lecture step by step on a trained network and an image; without TOPIC, list the ideas.

    Without MODEL, it is the reference model that suits the topic. On a terminal it comes screen by screen: Enter
    continues. With -v it shows each checked identity.

    Example: kerasnn explain linear --index 3 --answer

    Example: kerasnn explain dropout latest --lang ko
    """
    from kerasnn.views.explanation import screens, topics_view

    if topic is None:
        output.show(kerasnn.topics(), topics_view)
        return
    # a second time in English if the pictures cannot have Hangul
    work_out = partial(kerasnn.explain, topic, model=chosen.name, index=index, **vars(data), out=out)
    with output.listening() as listener:
        explanation = work_out(listener=listener)
    output.show_screens(explanation, partial(screens, answer=answer, proofs=output.verbose))
    if plots is not None:
        _draw(output, explanation, plots, in_english=lambda: work_out(lang="en"))


def _draw(output: Output, explanation: "Explanation", folder: Path, in_english: "Callable[[], Explanation]") -> None:
    from kerasnn.views.figures.explanation import can_write, save_explanation

    if not can_write(explanation.language):
        output.note(_("No font here has Hangul: the pictures are labelled in English."))
        explanation = in_english()
    for path in save_explanation(explanation, folder):
        output.note(_("drawn: {path}", path=path))
