"""`kerasnn.code`: the script or notebook of a stage or a run."""

from io import BytesIO
from itertools import pairwise
from pathlib import Path
from textwrap import fill
from typing import Any, Final, get_args

import numpy as np

from kerasnn.data.load import garments
from kerasnn.errors import look_up
from kerasnn.files.atomic import replacing
from kerasnn.files.owned import check_owned, check_replaceable, command_for, write_owned
from kerasnn.files.paths import RUNS, expanded
from kerasnn.files.seal import BLANK
from kerasnn.language import N_, _, language
from kerasnn.lecture.titles import training_introduction, training_title
from kerasnn.records import Framework, Note, Scores, Script, ScriptCell
from kerasnn.records.note import sentence
from kerasnn.runs.find_model import find_model
from kerasnn.scripts import keras_script, pytorch_script, sklearn_script
from kerasnn.scripts.data import data_packages
from kerasnn.scripts.notebook import Cell, notebook_text
from kerasnn.scripts.recipe import Recipe, recipe_of

FRAMEWORKS: Final[dict[str, Framework]] = {name: name for name in get_args(Framework)}
OTHER_NAMES: Final = {"scikit-learn": "sklearn", "torch": "pytorch", "tensorflow": "keras"}
WRITERS: Final = {"keras": keras_script, "pytorch": pytorch_script, "sklearn": sklearn_script}
TITLES: Final = {"keras": "Keras", "pytorch": "PyTorch", "sklearn": "scikit-learn"}
WIDTH: Final = {"en": 100, "ko": 60}  # characters a line; one of Hangul is as wide as two others


def code(
    model: str | Path,
    *,
    framework: str | None = None,
    notebook: bool = False,
    file: str | Path | None = None,
    force: bool = False,
    data_dir: str | Path | None = None,
    out: str | Path = RUNS,
) -> Script:
    """Write the training of `model` as a script of plain Keras, PyTorch or scikit-learn; `.source` is its text.

    `model`, `out`: as in `evaluate`. `framework`: `keras`, `pytorch` or `sklearn`; None: the library that trained it.
    `file`: where to save the script, with `notebook` a Jupyter notebook; `force`: also in place of a file that is not a
    script of `model`. `data_dir`: a folder with Fashion-MNIST's
    files for the script to read.

    Raises: UsageError, ModelFileError; EnvironmentFault, also for a notebook if nbformat is not installed.
    """
    found = find_model(str(model), expanded(out))
    recipe = recipe_of(found, expanded(data_dir) if data_dir is not None else None)
    script = write_script(recipe, framework, problems=found.problems)
    if file is not None:
        path = expanded(file)
        text = _notebook_text(script) if notebook else f"{script.source}\n# {BLANK}\n"
        whose: dict[str, Any] = {"command": command_for("code", [script.name]), "owner": script.name}
        check_owned(path, **whose, force=force)
        if script.data_file is not None:
            _save_garments(path.with_name(script.data_file), force=force)
        write_owned(path, text, **whose, force=force)
    return script


def write_script(recipe: Recipe, framework: str | None = None, *, problems: tuple[Note, ...] = ()) -> Script:
    """Write `recipe` as a program of `framework`; None: of the library that trained it. `problems`: of its record.

    Raises: UsageError if the framework is unknown or cannot train it.
    """
    named = framework or recipe.stage.library
    chosen = look_up(named, FRAMEWORKS, _("--framework is '{framework}'", framework=named), aliases=OTHER_NAMES)
    writer = WRITERS[chosen]
    cells = tuple(writer.cells(recipe))
    notes = (*map(sentence, problems), *writer.notes(recipe))
    packages = (*writer.packages(recipe), *data_packages(recipe))
    heading = _heading(recipe, chosen, notes, packages)
    return Script(
        name=recipe.name,
        stage=recipe.stage.name,
        framework=chosen,
        engine=recipe.engine,
        packages=packages,
        notes=notes,
        data_file=str(recipe.data) if recipe.drawn else None,
        source=_source(heading, cells),
        heading=heading,
        cells=cells,
    )


def _heading(recipe: Recipe, framework: str, notes: tuple[str, ...], packages: tuple[str, ...]) -> str:
    """Return the paragraphs at the head of a script: what it is, what to expect, what it needs."""
    trained = recipe.stage.name, recipe.settings
    paragraphs = [
        _("{title}, as plain {framework}.", title=training_title(*trained), framework=TITLES[framework]),
        training_introduction(*trained) + " " + _("This is what `{command}` trains.", command=recipe.command),
    ]
    if recipe.validation is not None:
        paragraphs.append(_metrics(recipe, recipe.validation))
    paragraphs += [f"{note}." for note in notes]
    if recipe.drawn:
        paragraphs.append(_("It reads {file}, which `kerasnn code --out` writes beside it.", file=recipe.data))
    paragraphs.append(_("Needs: pip install {packages}", packages=" ".join(packages)))
    paragraphs.append(_("Written by `{command}`.", command=command_for("code", [recipe.name])))
    return "\n\n".join(
        fill(paragraph, WIDTH[language()], break_long_words=False, break_on_hyphens=False) for paragraph in paragraphs
    )


def _metrics(recipe: Recipe, scores: Scores) -> str:
    """Return the sentence with the metrics that the script has to repeat."""
    keras = recipe.stage.library == "keras"
    says = (
        N_("Its saved model had validation loss {loss:.4f}, accuracy {accuracy:.4f}{versions}.")
        if keras
        else N_("Its saved model had validation accuracy {accuracy:.4f}{versions}.")  # the script measures no loss
    )
    names = ("keras", recipe.backend) if keras else ("scikit-learn",)
    known = ", ".join(f"{name} {recipe.versions[name]}" for name in names if name in recipe.versions)
    return _(says, loss=scores.loss, accuracy=scores.accuracy, versions=f" ({known})" if known else "")


def _source(heading: str, cells: tuple[ScriptCell, ...]) -> str:
    """Join the heading, as a docstring, and the cells, each below a comment, to one file.

    Both contain text from a record that anybody may have written, which must not end the docstring or the comment.
    """
    docstring = heading.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    blocks = [f'"""{docstring}\n"""']
    for number, cell in enumerate(cells):
        # the imports need no comment
        comment = "" if number == 0 else "".join(f"# {line}\n" for line in cell.text.splitlines())
        blocks.append(comment + cell.code)
    source = blocks[0]
    for before, block in pairwise(blocks):
        # PEP 8 wants two empty lines around functions and classes
        defines = any(line.startswith(("def ", "class ")) for line in (before + "\n" + block).splitlines())
        source += ("\n\n\n" if defines else "\n\n") + block
    return source + "\n"


def _notebook_text(script: Script) -> str:
    first, *rest = script.heading.split("\n\n")
    cells = [Cell("\n\n".join([f"# {first.rstrip('.')}", *rest]), is_code=False)]
    for cell in script.cells:
        cells += [Cell(cell.text, is_code=False), Cell(cell.code)]
    return notebook_text(cells, kerasnn=BLANK)


def _save_garments(path: Path, *, force: bool) -> None:
    """Save the garments, the images drawn by kerasnn, in the form of `keras.datasets`: x_train, y_train, ..."""
    train, test = garments().learning, garments().test
    arrays: dict[str, Any] = {
        "x_train": train.images,
        "y_train": train.labels,
        "x_test": test.images,
        "y_test": test.labels,
    }
    content = BytesIO()
    np.savez_compressed(content, **arrays)
    same = path.is_file() and path.read_bytes() == content.getvalue()
    hint = _("name a file in another folder with --out, or add --force to replace it")
    check_replaceable(path, force=force or same, hint=hint)
    with replacing(path) as draft:
        draft.write_bytes(content.getvalue())
