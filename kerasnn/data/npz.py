"""A data set as NumPy arrays with any usual names: an `.npz` file, like Keras' mnist.npz, or a folder of such files."""

from pathlib import Path
from typing import Any, Final

from numpy.typing import NDArray

from kerasnn.data.archives import zip_names
from kerasnn.data.array_names import Roles, Shape, find_roles
from kerasnn.data.conversions import images_as_bytes
from kerasnn.data.copies import unmarked, without_copies
from kerasnn.data.dataset import CLASS_LIMITS, Contents, checked_part, learning_part
from kerasnn.data.formats import Asked
from kerasnn.data.label_conversions import as_texts, labels_as_numbers
from kerasnn.data.npy import NotAnArchive, read_array, read_arrays, shapes
from kerasnn.data.part_names import TEST
from kerasnn.data.user_data import checked_names, class_names_beside
from kerasnn.errors import DataError
from kerasnn.files.packed import is_zip
from kerasnn.language import _
from kerasnn.records import Note
from kerasnn.records.codes import Code

Array = NDArray[Any]

LARGEST: Final = 2 * 1024**3  # bytes of all arrays
MOST_FILES: Final = 64  # in a folder
KINDS: Final = "biufUS"


def recognise(path: Path) -> bool:
    """Return True for an `.npz` file, whatever its name, and for a folder of `.npz` or `.npy` files."""
    if path.is_dir():
        return bool(_files(path))
    if path.suffix == ".npz":
        return path.is_file()
    try:
        return is_zip(path) and any(name.endswith(".npy") for name in zip_names(path))
    except DataError:
        return False


def read(path: Path, _asked: Asked) -> Contents:
    """Read the arrays at `path` and the names of the classes, from an array of them or a `classes.txt` beside the file.

    Raises: DataError if a file is damaged, or it is not sure what its arrays are.
    """
    try:
        places = places_of(path)
        roles = _roles(path, places)
        arrays = read_chosen(
            places, [*sum(roles.parts.values(), ()), *([roles.class_names] if roles.class_names else [])]
        )
    except (NotAnArchive, OSError) as error:
        raise DataError(
            _("{path} is not a readable .npz file: {error}", path=path, error=error),
            expected=_("an .npz file with x_train, y_train, x_test and y_test, or similar names"),
            hint=_("write it again: numpy.savez(path, x_train=..., y_train=..., x_test=..., y_test=...)"),
        ) from None
    return _contents(path, roles, arrays)


def _files(folder: Path) -> list[Path]:
    found = []
    for number, file in enumerate(folder.iterdir()):
        if number >= MOST_FILES:
            return []
        if file.suffix in (".npz", ".npy") and file.is_file():
            found.append(file)
    return sorted(without_copies(found))


def places_of(path: Path) -> dict[str, tuple[Path, str, Shape]]:
    """Return file, name in it and shape of each array at `path`, by name; of several files, names begin with theirs."""
    files = _files(path) if path.is_dir() else [path]
    places: dict[str, tuple[Path, str, Shape]] = {}
    for file in files:
        found = shapes(file)
        stem = unmarked(file.stem)
        mark = file.stem[len(stem) :]  # of a copy; `array_names` finds it at the end
        for name, shape in found.items():
            by_file = file.stem if list(found) == ["arr_0"] else f"{stem}_{name}{mark}"
            several = len(files) > 1 and file.suffix == ".npz"
            places[by_file if several else name] = (file, name, shape)
    return places


def _roles(path: Path, places: dict[str, tuple[Path, str, Shape]]) -> Roles:
    try:
        return find_roles({name: shape for name, (_file, _member, shape) in places.items()}, str(path))
    except DataError as error:
        files = {file for file, _member, _shape in places.values() if file.suffix == ".npz"}
        hint = _("name one of its files, such as {file}", file=min(files)) if len(files) > 1 else error.hint
        raise DataError(error.message, expected=error.expected, hint=hint) from None


def read_chosen(places: dict[str, tuple[Path, str, Shape]], chosen: list[str]) -> dict[str, Array]:
    arrays: dict[str, Array] = {}
    limit = LARGEST
    for file in dict.fromkeys(places[name][0] for name in chosen):
        names = {places[name][1]: name for name in chosen if places[name][0] == file}
        if file.suffix == ".npy":
            read = {file.stem: read_array(file, kinds=KINDS, limit=limit)}
        else:
            read = read_arrays(file, list(names), kinds=KINDS, limit=limit)
        limit -= sum(array.nbytes for array in read.values())
        arrays |= {names[name]: array for name, array in read.items()}
    return arrays


def _assumed(roles: Roles) -> list[Note]:
    if not roles.assumed:
        return []
    pairs = roles.parts.items()
    taken = tuple(f"{kind}_{part}" for part, _names in pairs for kind in "xy")
    return [Note(Code.ARRAYS_ASSUMED, {"given": tuple(name for _part, both in pairs for name in both), "taken": taken})]


def _contents(path: Path, roles: Roles, arrays: dict[str, Array]) -> Contents:
    names = class_names_beside(path)
    given = arrays.pop(roles.class_names, None) if roles.class_names else None
    if names is None and given is not None and given.dtype.kind in "US" and given.size <= CLASS_LIMITS[1]:
        texts = as_texts(given, f"{path}, {roles.class_names}")
        names = checked_names(texts.reshape(-1).tolist(), str(roles.class_names))
    image_names, label_names = zip(*roles.parts.values(), strict=True)
    labels, names, label_notes = labels_as_numbers(
        [arrays.pop(name) for name in label_names], names=names, where=f"{path}, {', '.join(label_names)}"
    )
    for name, numbers in zip(image_names, labels, strict=True):
        _check_axes(arrays[name].shape, numbers.shape[:1], f"{path}, {name}")
    images, image_notes = images_as_bytes([arrays.pop(name) for name in image_names], image_names, str(path))
    parts = {
        part: checked_part(*both, where=f"{path}, {', '.join(roles.parts[part])}")
        for part, *both in zip(roles.parts, images, labels, strict=True)
    }
    learning, joined = learning_part(parts, str(path))
    notes = (*_assumed(roles), *image_notes, *label_notes, *joined)
    return Contents(learning, parts.get(TEST), names, (label_names[0], roles.parts.get(TEST, label_names)[-1]), notes)


def _check_axes(shape: Shape, count: Shape, where: str) -> None:
    """Raise DataError for images that a later axis counts, as MATLAB has them; `count`: of their labels."""
    if shape[:1] == count or count != (max(shape, default=0),):
        return
    raise DataError(
        _(
            "{where}: the images have shape {shape}, and there are {count:,} labels",
            where=where,
            shape=shape,
            count=count[0],
        ),
        expected=_("an array whose first axis counts the images"),
        hint=_("np.moveaxis(x, {axis}, 0) puts that axis first", axis=shape.index(count[0])),
    )
