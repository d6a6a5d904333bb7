"""What every script begins and ends with: the imports, the images scaled and split, the evaluation."""

import shlex
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Final

from kerasnn.data.fashion_mnist import FOLDER_VARIABLE
from kerasnn.data.formats import find_format
from kerasnn.data.npy import NotAnArchive
from kerasnn.errors import DataError, UsageError
from kerasnn.language import _
from kerasnn.records import ScriptCell
from kerasnn.records.codes import Code
from kerasnn.scripts.readings import idx, npz, parquet, pictures, tables
from kerasnn.scripts.readings.idx import usual_names
from kerasnn.scripts.readings.reading import Data, NotWritten, Reading, quoted
from kerasnn.scripts.recipe import Recipe

WRITERS: Final[Mapping[str, Callable[[Data], Reading]]] = {
    "idx": idx.write,
    "csv": tables.write,
    "parquet": parquet.write,
    "npz": npz.write,
    "pictures": pictures.write,
}
WIDTH: Final = 96  # characters of a line
_HELD_OUT: Final = """\
train_input, test_input, train_target, test_target = train_test_split(
    train_input, train_target, test_size=0.2, random_state=42
)"""
_STANDARD: Final = (
    "copy",
    "gzip",
    "io",
    "os",
    "pathlib",
    "re",
    "sys",
    "tarfile",
    "unicodedata",
    "zipfile",
)  # the modules of the standard library that scripts import


def in_order(lines: Iterable[str]) -> str:
    """Sort import lines, with an empty line between the standard library's and the others."""
    by_name = sorted(lines, key=lambda line: (line.startswith("from"), line.split()[1]))
    standard = [line for line in by_name if line.split()[1] in _STANDARD]
    others = [line for line in by_name if line not in standard]
    return "\n".join([*standard, *([""] if standard else []), *others])


def data_imports(recipe: Recipe) -> set[str]:
    """Return the import lines that the cells of `data_cells` need."""
    return {"from sklearn.model_selection import train_test_split"} | reading_of(recipe).imports


def data_packages(recipe: Recipe) -> tuple[str, ...]:
    """Return the packages that reading the data takes, but for NumPy, as pip names them."""
    return reading_of(recipe).packages


def data_cells(recipe: Recipe, *, unrolled: bool, kind: str = "float32") -> list[ScriptCell]:
    """Return the cells that read, scale and split the images.

    `unrolled`: give each image as one row of values. `kind`: float32 or float64.
    """
    sizes = " * ".join(map(str, recipe.image_shape))
    shape = f".reshape(-1, {sizes})" if unrolled else ""
    scaled = " / 255.0" if kind == "float64" else '.astype("float32") / 255'
    return [
        *_reading_cells(recipe),
        ScriptCell(
            _("Scale the pixels to 0..1 and unroll each image into one row.")
            if unrolled
            else _("Scale the pixels to 0..1."),
            "\n".join(f"{part}_scaled = {part}_input{shape}{scaled}" for part in ("train", "test")),
        ),
        ScriptCell(
            _("Hold out one image in five for validation, always the same ones."),
            "train_scaled, val_scaled, train_target, val_target = train_test_split(\n"
            "    train_scaled, train_target, test_size=0.2, random_state=42\n)",
        ),
    ]


def evaluation_cell(loss: str, accuracy: str = "accuracy") -> ScriptCell:
    """Return the last cell. `loss`: a line that measures `images` and `labels`; `accuracy`: an expression."""
    return ScriptCell(
        _("Evaluate the model; the test images are used only here."),
        'for name, images, labels in ("validation", val_scaled, val_target), ("test", test_scaled, test_target):\n'
        f"    {loss}\n"
        f'    print(f"{{name}}: loss {{loss:.4f}}, accuracy {{{accuracy}:.4f}}")',
    )


def _reading_cells(recipe: Recipe) -> list[ScriptCell]:
    reading, held_out = reading_of(recipe), Code.TEST_HELD_OUT in recipe.conversions
    cells = [ScriptCell(_source(recipe), "\n".join(reading.lines))]
    if reading.function:
        cells.insert(0, ScriptCell(reading.says, reading.function))
    if reading.lists_classes:
        cells.insert(
            0, ScriptCell(_("The names of the classes, in the order of their numbers."), _list(recipe.classes))
        )
    if held_out:
        cells.append(
            ScriptCell(_("There is no test part: hold out one image in five, always the same ones."), _HELD_OUT)
        )
    return cells


def _list(names: tuple[str, ...]) -> str:
    line = f"class_names = [{', '.join(map(quoted, names))}]"
    if len(line) <= WIDTH:
        return line
    lines = [""]
    for name in map(quoted, names):
        lines += [""] if len(lines[-1]) + len(name) > WIDTH else []
        lines[-1] += f" {name}," if lines[-1] else f"    {name},"
    return "\n".join(["class_names = [", *lines, "]"])


def _source(recipe: Recipe) -> str:
    says, data = _("The images, bytes from 0 to 255, and their labels."), recipe.data
    if data is not None and recipe.real:
        return says + "\n" + _("Their folder is the first argument, else the variable {name}.", name=FOLDER_VARIABLE)
    if data is None or not data.is_absolute():
        return says
    return says + "\n" + _("In place of {name}, write the path of your copy.", name=quoted(data.name))


def _search(data: Path) -> str:
    """Return the lines that look for the folder of Fashion-MNIST, which on another machine has another path."""
    missing = _("Fashion-MNIST is not here: name its folder, as in: python SCRIPT FOLDER")
    found = f'(Path(place) / "{usual_names(data)["train_input"][0]}").is_file()'
    place = quoted(data.name if data.is_absolute() else str(data))
    return (
        f'places = [*sys.argv[1:2], os.environ.get("{FOLDER_VARIABLE}", "."), {place}]\n'
        f"folder = next((Path(place) for place in places if {found}), None)\n"
        f"if folder is None:\n    raise SystemExit({quoted(missing)})"
    )


@lru_cache(maxsize=1)  # several cells need it, and it looks at the data
def reading_of(recipe: Recipe) -> Reading:
    """Return how a script reads the images. Raises: UsageError if it takes more than a few lines."""
    path = recipe.data
    if path is None:
        load = "(train_input, train_target), (test_input, test_target) = keras.datasets.fashion_mnist.load_data()"
        return Reading({"import keras"}, [load])
    data = Data(path, recipe.image_shape, recipe.classes, recipe.conversions, not recipe.drawn, recipe.prefix)
    if recipe.real:
        found = idx.of_files(data, usual_names(path), opening=_search(path))
        return replace(found, imports=found.imports | {"import os", "import sys"})
    form = find_format(path, recipe.form)
    if form is not None and form.name not in WRITERS:
        raise _refusal(path, _("scripts do not read {form}", form=_(form.looks_like)))
    # a record of before kerasnn kept the form, and data that are not here
    name = form.name if form is not None else "npz" if path.suffix == ".npz" else "idx"
    try:
        return WRITERS[name](data)
    except (NotWritten, NotAnArchive, OSError) as error:
        raise _refusal(path, str(error)) from None
    except DataError as error:
        raise _refusal(path, error.message) from None


def _refusal(data: Path, reason: str) -> UsageError:
    return UsageError(
        _("kerasnn cannot write a script that reads {data} the way it does: {reason}", data=data, reason=reason),
        expected=_("data that plain libraries read in a few lines"),
        hint=_(
            "kerasnn data convert {data} {name}.npz writes such a file to train on",
            data=shlex.quote(str(data)),
            name=shlex.quote(data.name.split(".")[0]),
        ),
    )
