"""A training written down as code."""

from pathlib import Path

from kerasnn.api.training import RUNS
from kerasnn.records import Script


def code(
    model: str | Path,
    *,
    framework: str | None = None,
    notebook: bool = False,
    file: str | Path | None = None,
    data_dir: str | Path | None = None,
    out: str | Path = RUNS,
) -> Script:
    """The training of `model` as a script of plain Keras, PyTorch or scikit-learn; `.source` is its text.

    `model`: a stage's name (its reference model), `latest`, a run's id, or a path. `framework`: `keras`, `pytorch`
    or `sklearn`; None: what trained it. `file`: where to put the script, with `notebook` a Jupyter notebook.
    `data_dir`: a folder with Fashion-MNIST's files that the script shall read.
    Raises: UsageError, ModelFileError, EnvironmentFault.
    """
    from kerasnn.runs.find_model import find_model
    from kerasnn.scripts.recipe import recipe_of
    from kerasnn.scripts.write import save_notebook, save_script, write_script

    recipe = recipe_of(find_model(str(model), Path(out)), Path(data_dir) if data_dir is not None else None)
    script = write_script(recipe, framework)
    if file is not None:
        (save_notebook if notebook else save_script)(script, Path(file))
    return script
