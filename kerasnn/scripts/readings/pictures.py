"""Code that reads a folder with a folder of pictures for each class."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final
from unicodedata import normalize

from kerasnn.data.class_folders import File, list_pictures
from kerasnn.data.image_files import HEIF_BRANDS
from kerasnn.data.part_names import TEST, TRAIN
from kerasnn.language import _
from kerasnn.records.codes import Code
from kerasnn.scripts.readings.reading import Data, NotWritten, Reading, assigned, not_here, quoted

CHANGES: Final = (
    Code.PICTURES_GREY,
    Code.PICTURES_FIRST,
    Code.PICTURES_TURNED,
    Code.FILES_LEFT_OUT,
    Code.FOLDERS_EMPTY,
)
_FUNCTION: Final = '''\
def read_pictures(*folders):
    """Return the pictures below folders that hold one folder per class, and their class numbers."""
    paths = [path for folder in folders for path in Path(folder).{finding}]
    paths.sort(key={key})
    images = [np.array(ImageOps.exif_transpose(Image.open(path)).convert("L")) for path in paths]
    return np.stack(images), np.array([class_names.index({name}) for path in paths])'''
_HEIF: Final = tuple(b"ftyp" + brand for brand in HEIF_BRANDS)  # bytes 4 to 12 of a file
_NUMBERED: Final = """\
def order(path):
    return [int(each) if each.isdecimal() else each for each in re.split(r"(\\d+)", path.name)], path.parent.name, path


"""


def _by_name(path: Path) -> Any:
    return path.name, path.parent.name, path


def _by_number(path: Path) -> Any:
    """Return what the function `order` of a script does."""
    return [int(each) if each.isdecimal() else each for each in re.split(r"(\d+)", path.name)], path.parent.name, path


ORDERS: Final[tuple[tuple[Callable[[Path], Any], str, str], ...]] = (
    (_by_name, "", "lambda path: (path.name, path.parent.name, path)"),
    (_by_number, _NUMBERED, "order"),
)


def write(data: Data) -> Reading:
    """Return the code. Raises: NotWritten, DataError, OSError."""
    data.refuse_but(*CHANGES)
    if not data.path.is_dir():
        raise not_here(data.path)
    files = list_pictures(data.path).files
    if any(map(_is_heif, files)):
        raise NotWritten(_("some of its pictures are HEIC files, which Pillow cannot read by itself"))
    parts = {
        part: chosen
        for part in (TRAIN, TEST)
        if (chosen := [file for file in files if (file.part == TEST) is (part == TEST)])
    }
    finding, find = _finding(files)
    helper, key = _order(parts, find)
    normalising, name = _name(files)
    read = {
        part: f"read_pictures({', '.join(_place(folder, data) for folder in _folders(chosen))})"
        for part, chosen in parts.items()
    }
    imports = {"from pathlib import Path", "from PIL import Image, ImageOps", "import numpy as np", *normalising}
    function = helper + _FUNCTION.format(finding=finding, key=key, name=name)
    imports |= {"import re"} if helper else set()
    return Reading(imports, assigned(read), function, _("Read pictures from one folder per class."), True, ("pillow",))


def _is_heif(file: File) -> bool:
    with open(file.path, "rb") as picture:  # noqa: PTH123  # several times as fast as Path
        return picture.read(12)[4:] in _HEIF


def _folders(files: list[File]) -> list[Path]:
    """Return the folders that hold the folders of the classes. Raises: NotWritten if any picture lies deeper."""
    found = {Path(file.path).parents[1] for file in files}
    if len(found) > len({file.part for file in files}):
        raise NotWritten(_("some of its pictures are in subfolders of their class folders"))
    return sorted(found)


def _finding(files: list[File]) -> tuple[str, Callable[[Path], list[Path]]]:
    """Return the end of the line that finds the pictures in a folder, and a function that does the same."""
    suffixes = sorted({Path(file.path).suffix for file in files})
    if len(suffixes) == 1:
        pattern = f"*/*{suffixes[0]}"
        return f"glob({quoted(pattern)})", lambda folder: list(folder.glob(pattern))
    chosen = f'glob("*/*") if path.suffix in ({", ".join(map(quoted, suffixes))})'
    return chosen, lambda folder: [path for path in folder.glob("*/*") if path.suffix in suffixes]


def _order(parts: Mapping[str, list[File]], find: Callable[[Path], list[Path]]) -> tuple[str, str]:
    """Return the function and the key that put the pictures in kerasnn's order. Raises: NotWritten."""
    wanted = [[file.path for file in files] for files in parts.values()]
    found = [[path for folder in _folders(files) for path in find(folder)] for files in parts.values()]
    if any(set(map(str, paths)) != set(files) for paths, files in zip(found, wanted, strict=True)):
        raise NotWritten(_("hidden files or links lie among its pictures"))
    for order, helper, key in ORDERS:
        if [list(map(str, sorted(paths, key=order))) for paths in found] == wanted:
            return helper, key
    raise NotWritten(_("the order of its pictures cannot be written in a few lines"))


def _name(files: list[File]) -> tuple[set[str], str]:
    """Return imports and the expression for the class of the picture `path`. Raises: NotWritten."""
    names = {Path(file.path).parent.name: file.name for file in files}
    if all(name == folder for folder, name in names.items()):
        return set(), "path.parent.name"
    if all(name == normalize("NFC", folder) for folder, name in names.items()):
        return {"from unicodedata import normalize"}, 'normalize("NFC", path.parent.name)'
    raise NotWritten(_("the names of its folders are not those of the classes"))


def _place(folder: Path, data: Data) -> str:
    return data.place(*folder.relative_to(data.path).parts)
