"""What every script begins and ends with: the imports, the images scaled and split, the evaluation."""

import json
import shlex
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from kerasnn.data.fashion_mnist import FOLDER_VARIABLE
from kerasnn.data.formats import find_format
from kerasnn.data.idx import FOUR_FILES, LEARNING_IMAGES, LEARNING_LABELS, TEST_IMAGES, TEST_LABELS, IdxFile
from kerasnn.data.npy import NotAnArchive, shapes
from kerasnn.errors import UsageError
from kerasnn.language import _
from kerasnn.records import ScriptCell
from kerasnn.scripts.recipe import Recipe

ARRAYS: Final = ("x_train", "y_train", "x_test", "y_test")
_STANDARD: Final = ("copy", "gzip", "os", "pathlib", "sys")  # the modules of the standard library that scripts import
_READ_IDX = '''\
def read_idx(path):
    """Return the array in an IDX file: its fourth byte is the number of dimensions; their sizes follow."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        dimensions = file.read(4)[3]
        shape = np.frombuffer(file.read(4 * dimensions), ">i4")
        return np.frombuffer(file.read(), np.uint8).reshape(shape)'''


def in_order(lines: Iterable[str]) -> str:
    """Sort import lines, with an empty line between the standard library's and the others."""
    by_name = sorted(lines, key=lambda line: (line.startswith("from"), line.split()[1]))
    standard = [line for line in by_name if line.split()[1] in _STANDARD]
    others = [line for line in by_name if line not in standard]
    return "\n".join([*standard, *([""] if standard else []), *others])


def data_imports(recipe: Recipe) -> set[str]:
    """Return the import lines that the cells of `data_cells` need."""
    lines = {"from sklearn.model_selection import train_test_split"}
    if recipe.data is None:
        return lines | {"import keras"}
    finding = {"import os", "import sys"} if recipe.real else set()
    return lines | finding | _reading_of(recipe.data, recipe).imports


def data_cells(recipe: Recipe, *, unrolled: bool, kind: str = "float32") -> list[ScriptCell]:
    """Return the cells that read, scale and split the images.

    `unrolled`: give each image as one row of values. `kind`: float32 or float64.
    """
    sizes = " * ".join(map(str, recipe.image_shape))
    shape = f".reshape(-1, {sizes})" if unrolled else ""
    scaled = " / 255.0" if kind == "float64" else '.astype("float32") / 255'
    function = _reading_of(recipe.data, recipe).function if recipe.data is not None else ""
    return [
        *([ScriptCell(_("Read a file in the IDX format."), function)] if function else []),
        ScriptCell(_source(recipe), _lines(recipe)),
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


def _source(recipe: Recipe) -> str:
    says, data = _("The images, bytes from 0 to 255, and their labels."), recipe.data
    if data is not None and recipe.real:
        return says + "\n" + _("Their folder is the first argument, else the variable {name}.", name=FOLDER_VARIABLE)
    if data is None or not data.is_absolute():
        return says
    return says + "\n" + _("In place of {name}, write the path of your copy.", name=_quoted(data))


def _lines(recipe: Recipe) -> str:
    if recipe.data is None:
        return "(train_input, train_target), (test_input, test_target) = keras.datasets.fashion_mnist.load_data()"
    if recipe.real:
        return "\n".join([_search(recipe.data), *_idx_arrays(recipe.data)])
    return _reading_of(recipe.data, recipe).lines(recipe.data)


def _npz_lines(data: Path) -> str:
    return (
        f"with np.load({_quoted(data)}) as arrays:\n"
        '    train_input, train_target = arrays["x_train"], arrays["y_train"]\n'
        '    test_input, test_target = arrays["x_test"], arrays["y_test"]'
    )


def _idx_lines(data: Path) -> str:
    return "\n".join([f"folder = Path({_quoted(data)})", *_idx_arrays(data)])


def _idx_arrays(data: Path) -> list[str]:
    files = (LEARNING_IMAGES, LEARNING_LABELS, TEST_IMAGES, TEST_LABELS)
    variables = ("train_input", "train_target", "test_input", "test_target")
    names = [_name(file, data) for file in files]
    return [f'{variable} = read_idx(folder / "{name}")' for variable, name in zip(variables, names, strict=True)]


def _name(file: IdxFile, data: Path) -> str:
    return (file.find(data) or data / f"{file.name}.gz").name


def _search(data: Path) -> str:
    """Return the lines that look for the folder of Fashion-MNIST, which on another machine has another path."""
    missing = _("Fashion-MNIST is not here: name its folder, as in: python SCRIPT FOLDER")
    found = f'(Path(place) / "{_name(LEARNING_IMAGES, data)}").is_file()'
    return (
        f'places = [*sys.argv[1:2], os.environ.get("{FOLDER_VARIABLE}", "."), {_quoted(data)}]\n'
        f"folder = next((Path(place) for place in places if {found}), None)\n"
        f"if folder is None:\n    raise SystemExit({json.dumps(missing, ensure_ascii=False)})"
    )


def _quoted(path: Path) -> str:
    """Return a relative path as a string of Python; of an absolute one, which is this machine's, the name alone."""
    place = path.name if path.is_absolute() else str(path)
    return json.dumps(place, ensure_ascii=False)  # a string of JSON is one of Python too, whatever the path holds


def _has_four_files(data: Path) -> bool:
    return all(file.find(data) for file in FOUR_FILES)


def _has_four_arrays(data: Path) -> bool:
    try:
        return set(ARRAYS) <= set(shapes(data))
    except (NotAnArchive, OSError):
        return False


class _Reading(NamedTuple):
    """How a script reads a form of data. `function`: one that the script has to define first, or empty.

    `is_plain`: True for data whose files and arrays have the names that it looks for.
    """

    imports: set[str]
    lines: Callable[[Path], str]
    is_plain: Callable[[Path], bool]
    function: str = ""


_READINGS: Final[Mapping[str, _Reading]] = {
    "idx": _Reading(
        {"import gzip", "from pathlib import Path", "import numpy as np"}, _idx_lines, _has_four_files, _READ_IDX
    ),
    "npz": _Reading({"import numpy as np"}, _npz_lines, _has_four_arrays),
}


def _reading_of(data: Path, recipe: Recipe) -> _Reading:
    """Return how a script reads `data`; without a record of their form, what is gone is judged by its name.

    Raises: UsageError for data that scripts cannot read, or that kerasnn changed as it read them.
    """
    form = find_format(data, recipe.form)
    if form is None:  # a record of before kerasnn kept the form, and data that are not here
        return _READINGS["npz" if data.suffix == ".npz" else "idx"]
    reading = _READINGS.get(form.name)
    if reading is not None and not recipe.converted and (recipe.drawn or not data.exists() or reading.is_plain(data)):
        return reading
    raise UsageError(
        _("kerasnn writes no script that reads these images as it does: {data}", data=data),
        expected=_(
            "a model trained on Fashion-MNIST, garments, IDX files or an .npz file, all of the usual names and types"
        ),
        hint=_(
            "kerasnn data convert {data} {name}.npz writes such a file to train on",
            data=shlex.quote(str(data)),
            name=shlex.quote(data.name.split(".")[0]),
        ),
    )
