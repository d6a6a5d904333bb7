"""`kerasnn export`"""

import shlex
from pathlib import Path
from typing import Annotated, Any

import typer

import kerasnn
from kerasnn.cli.command import command
from kerasnn.cli.console import Output
from kerasnn.cli.localized_help import filled
from kerasnn.cli.options import ForceOption, ModelArgument, ModelData, OnlyRunsOption, TrustOption
from kerasnn.exports.forms import FORMS
from kerasnn.files.paths import RUNS, as_argument
from kerasnn.language import N_
from kerasnn.records.data import FASHION_MNIST

To = Annotated[str | None, typer.Option(metavar="FORM", help=filled(N_("One of {names}."), names=", ".join(FORMS)))]
File = Annotated[
    Path | None,
    typer.Option("--out", metavar="PATH", help=N_("Where to write; default: a name like the model's, here.")),
]
Scaling = Annotated[
    str,
    typer.Option(
        metavar="WHERE",
        help=N_("The division by 255: inside the exported network, or outside, so that it takes pixels from 0 to 1."),
    ),
]


@command("export")
def export(
    output: Output,
    model: ModelArgument,
    to: To = None,
    file: File = None,
    scaling: Scaling = "inside",
    *,
    data: ModelData,
    force: ForceOption = False,
    runs: OnlyRunsOption = RUNS,
    trust: TrustOption = False,
) -> None:
    """Export a network: write it as a Keras file or for other programs, and check that it predicts the same.

    Example: kerasnn export dropout --to keras

    Example: kerasnn export latest --to saved-model --out garments
    """
    from kerasnn.views.exports import export_view
    from kerasnn.views.format import with_sentences

    where: dict[str, Any] = {"to": to, "file": file, "scaling": scaling, "force": force, "out": runs, "trust": trust}
    with output.listening() as listener:
        written = kerasnn.export(model, **where, **vars(data), listener=listener)
    output.show(written, export_view, document=with_sentences)
    if FORMS[written.format].is_read_here and not output.as_json:
        own = ["--dataset", written.dataset.argument] if written.dataset.argument != FASHION_MNIST else []
        output.next_command = shlex.join(["kerasnn", "evaluate", as_argument(written.path), *own])
