"""`kerasnn.code`: the script of a stage or a run."""

from pathlib import Path

from kerasnn.files.paths import RUNS
from kerasnn.records import Script
from kerasnn.runs.find_model import find_model
from kerasnn.scripts.recipe import recipe_of
from kerasnn.scripts.write import save_notebook, save_script, write_script


def code(
    model: str | Path,
    *,
    framework: str | None = None,
    notebook: bool = False,
    file: str | Path | None = None,
    data_dir: str | Path | None = None,
    out: str | Path = RUNS,
) -> Script:
    """Write the training of `model` as a script of plain Keras, PyTorch or scikit-learn; `.source` is its text.

    `model`, `out`: as in `evaluate`. `framework`: `keras`, `pytorch` or `sklearn`; None: the library that trained it.
    `file`: where to save the script, with `notebook` a Jupyter notebook. `data_dir`: a folder with Fashion-MNIST's
    files for the script to read.

    Raises: UsageError, ModelFileError, EnvironmentFault.
    """
    recipe = recipe_of(find_model(str(model), Path(out)), Path(data_dir) if data_dir is not None else None)
    script = write_script(recipe, framework)
    if file is not None:
        (save_notebook if notebook else save_script)(script, Path(file))
    return script
