"""`kerasnn code`"""

import os
import shlex
from pathlib import Path
from typing import Annotated, Any

import typer

import kerasnn
from kerasnn.cli.command import command
from kerasnn.cli.console import Output
from kerasnn.cli.options import DataDirOption, ForceOption, ModelArgument, OnlyRunsOption
from kerasnn.data.fashion_mnist import FOLDER_VARIABLE
from kerasnn.errors import UsageError
from kerasnn.files.paths import RUNS, as_argument
from kerasnn.language import N_, _
from kerasnn.lecture import dialect
from kerasnn.records import Script

Framework = Annotated[
    str | None,
    typer.Option(metavar="NAME", help=N_("keras, pytorch or sklearn; default: the library that trained the model.")),
]
Notebook = Annotated[bool, typer.Option("--notebook", help=N_("Write a Jupyter notebook instead of a script."))]
Slides = Annotated[
    bool,
    typer.Option("--dialect", help=N_("Show the slide's code, today's code and why it differs; write no script.")),
]
File = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help=N_("Write to this file instead of the terminal."))
]


@command("code")
def code(
    output: Output,
    model: ModelArgument,
    framework: Framework = None,
    notebook: Notebook = False,
    slides: Slides = False,
    file: File = None,
    force: ForceOption = False,
    runs: OnlyRunsOption = RUNS,
    data_dir: DataDirOption = None,
) -> None:
    """Write a short script, without kerasnn, that repeats the training of a stage or run.

    It reproduces the run's metrics; after a training with the engine keras, to every printed digit.

    Example: kerasnn code dropout --out dropout.py

    Example: kerasnn code latest --framework pytorch --notebook --out latest.ipynb
    """
    from kerasnn.views.comparison import dialect_view, script_view

    if slides:
        own = dialect.SCIKIT_LEARN if framework == "sklearn" or model == "sgd" else dialect.KERAS
        output.show(own, dialect_view)
        return
    if notebook and file is None:
        raise UsageError(_("--notebook needs a file to write to"), hint=_("add --out {model}.ipynb", model=model))
    how: dict[str, Any] = {"framework": framework, "notebook": notebook, "file": file, "force": force}
    script = kerasnn.code(model, data_dir=data_dir, out=runs, **how)
    if file is None or output.as_json:
        output.show(script, script_view, wrap=False)  # wrapped code would be other code
    if file is not None:
        packages = " ".join(script.packages)
        output.note(_("written: {file}; it needs: pip install {packages}", file=file, packages=packages))
        if not notebook:
            output.note(
                _(
                    "run it with: {command}",
                    command=shlex.join(["python", as_argument(file), *_folder(script, data_dir)]),
                )
            )


def _folder(script: Script, data_dir: Path | None) -> list[str]:
    """Return what the script has to be told of where Fashion-MNIST is."""
    if FOLDER_VARIABLE not in script.source or (data_dir is None and FOLDER_VARIABLE in os.environ):
        return []
    return [str(data_dir or "FOLDER")]
