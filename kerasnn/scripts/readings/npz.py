"""Code that reads NumPy's arrays, in an `.npz` file or a folder of files."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from kerasnn.data.array_names import Roles, Shape, find_roles
from kerasnn.data.conversions import COLOURS, LUMA
from kerasnn.data.npz import places_of, read_chosen
from kerasnn.data.part_names import TEST, TRAIN
from kerasnn.language import _
from kerasnn.records.codes import Code
from kerasnn.scripts.readings.reading import Data, Reading, as_bytes, assigned, not_here, quoted

USUAL: Final = {TRAIN: ("x_train", "y_train"), TEST: ("x_test", "y_test")}
PIXELS: Final = (Code.PIXELS_AS_BYTES, Code.PIXELS_SCALED, Code.PIXELS_ROUNDED)
SHAPES: Final = (Code.ROWS_TO_SQUARES, Code.CHANNEL_REMOVED)
LABELS: Final = (Code.LABELS_FLATTENED, Code.LABELS_ONE_HOT, Code.LABELS_WHOLE, Code.LABELS_NUMBERED)

Places = dict[str, tuple[Path, str, Shape]]


def write(data: Data) -> Reading:
    """Return the code. Raises: NotWritten, NotAnArchive, DataError."""
    data.refuse_but(*PIXELS, *SHAPES, *LABELS, Code.COLOURS_TO_GREY, Code.ARRAYS_ASSUMED)
    if not data.is_here:
        if data.conversions:
            raise not_here(data.path)
        return _reading(data, Roles(USUAL), {}, "")
    places = places_of(data.path)
    roles = find_roles({name: shape for name, (_file, _member, shape) in places.items()}, str(data.path))
    images, labels = (_pixels(data, roles, places), _numbers(data, roles, places))
    body = [*images, f"return images, {labels}"] if images or labels != "labels" else []
    function = "\n    ".join(["def converted(images, labels):", *body]) if body else ""
    return _reading(data, roles, places, function)


def _reading(data: Data, roles: Roles, places: Places, function: str) -> Reading:
    in_folder = bool(places) and data.path.is_dir()
    read = {}
    for part, names in roles.parts.items():
        both = ", ".join(_array(name, places, in_folder=in_folder) for name in names)
        read[part] = f"converted({both})" if function else both
    if in_folder:
        lines = [f"folder = Path({data.place()})", *assigned(read)]
    else:
        lines = [f"with np.load({data.place()}) as arrays:", *(f"    {line}" for line in assigned(read))]
    imports = {"import numpy as np", *(["from pathlib import Path"] if in_folder else [])}
    says = _("Convert images to bytes from 0 to 255, and labels to numbers.")
    return Reading(imports, lines, function, says, lists_classes=data.is_named)


def _array(name: str, places: Places, *, in_folder: bool) -> str:
    if not in_folder:
        return f"arrays[{quoted(name)}]"
    file, member, _shape = places[name]
    opened = f"np.load(folder / {quoted(file.name)})"
    return opened if file.suffix == ".npy" else f"{opened}[{quoted(member)}]"


def _pixels(data: Data, roles: Roles, places: Places) -> list[str]:
    """Return the lines that bring `images` into kerasnn's form. Raises: NotWritten."""
    changes, (rows, columns) = data.conversions, data.shape
    values = as_bytes("images", data)
    if any(code in changes for code in SHAPES):
        values += f".reshape(-1, {rows}, {columns})"
    lines = [f"images = {values}"] if values != "images" else []
    if Code.COLOURS_TO_GREY not in changes:
        return lines
    shapes = [places[images][2] for images, _labels in roles.parts.values()]
    last, first = (all(len(shape) == 4 and shape[place] == COLOURS for shape in shapes) for place in (-1, 1))
    if last == first:  # the parts have them at different places
        raise data.refusal(Code.COLOURS_TO_GREY)
    image = "image" if last else "np.moveaxis(image, 0, -1)"
    return [
        *lines,
        f'luma = np.array({list(LUMA)}, "uint32")  # ' + _("the weights of red, green and blue, times 65536"),
        f'images = np.stack([{image} @ luma + 32768 >> 16 for image in images]).astype("uint8")',
    ]


def _numbers(data: Data, roles: Roles, places: Places) -> str:
    """Return the expression for the numbers of `labels`. Raises: NotWritten."""
    changes, names = data.conversions, [labels for _images, labels in roles.parts.values()]
    labels = "labels"
    if Code.LABELS_FLATTENED in changes:
        labels += ".reshape(-1)"
    if Code.LABELS_ONE_HOT in changes:
        if any(len(places[name][2]) != 2 for name in names):
            raise data.refusal(Code.LABELS_ONE_HOT)
        labels += ".argmax(axis=1)"
    if Code.LABELS_WHOLE in changes:
        is_text = changes[Code.LABELS_WHOLE].get("dtype") == "str"
        labels += ".astype(float).astype(int)" if is_text else ".astype(int)"
    if Code.LABELS_NUMBERED not in changes:
        return labels
    return f"np.array([class_names.index(name) for name in {_texts(labels, data, places, names)}])"


def _texts(labels: str, data: Data, places: Places, names: Sequence[str]) -> str:
    """Return the expression for the names in `labels`. Raises: NotWritten if those of the classes differ."""
    arrays = list(read_chosen(places, list(names)).values())
    are_bytes = {array.dtype.kind == "S" for array in arrays}
    found = {text.decode() if isinstance(text, bytes) else str(text) for array in arrays for text in array.flat}
    if len(are_bytes) > 1 or not found <= set(data.classes):
        raise data.refusal(Code.LABELS_NUMBERED)
    return f'np.char.decode({labels}, "utf-8")' if True in are_bytes else labels
