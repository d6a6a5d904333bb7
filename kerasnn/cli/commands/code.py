"""`kerasnn code`"""

from pathlib import Path
from typing import Annotated

import typer

import kerasnn
from kerasnn.cli.command import command, command_app
from kerasnn.cli.console import Output
from kerasnn.cli.options import DataDirOption, ModelArgument, RunsOption
from kerasnn.errors import UsageError
from kerasnn.files.paths import RUNS
from kerasnn.language import N_, _
from kerasnn.lecture import dialect

app = command_app()


@command(app, "code")
def code(
    output: Output,
    model: ModelArgument,
    framework: Annotated[
        str | None, typer.Option(metavar="NAME", help=N_("keras, pytorch or sklearn; default: what trained it."))
    ] = None,
    notebook: Annotated[bool, typer.Option("--notebook", help=N_("A Jupyter notebook instead of a script."))] = False,
    slides: Annotated[
        bool, typer.Option("--dialect", help=N_("Show the slide's lines, today's, and why; write no script."))
    ] = False,
    file: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help=N_("Write it to this file instead of the terminal.")),
    ] = None,
    runs: RunsOption = RUNS,
    data_dir: DataDirOption = None,
) -> None:
    """Write the training of a stage or a run as a short script that anyone can run without kerasnn.

    It repeats the run's figures: to the printed digits for the engine keras.

    Example: kerasnn code dropout --out dropout.py

    Example: kerasnn code latest --framework pytorch --notebook --out latest.ipynb
    """
    from kerasnn.views.code import code_view, dialect_view

    if slides:
        lines = dialect.SCIKIT_LEARN if framework == "sklearn" or model == "sgd" else dialect.KERAS
        output.show(lines, dialect_view)
        return
    if notebook and file is None:
        raise UsageError(_("--notebook wants a file to write to"), hint=_("add --out {model}.ipynb", model=model))
    script = kerasnn.code(model, framework=framework, notebook=notebook, file=file, data_dir=data_dir, out=runs)
    if file is None:
        output.show(script, code_view, wrap=False)
        return
    if output.as_json:
        output.show(script, code_view)
    packages = " ".join(script.packages)
    output.note(_("written: {file}; it needs: pip install {packages}", file=file, packages=packages))
