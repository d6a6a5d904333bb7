"""Code that reads Parquet files as Hugging Face writes them."""

from os.path import commonprefix
from pathlib import Path
from typing import Final

from kerasnn.data.parquet_files import looked_at, parts_of
from kerasnn.language import _
from kerasnn.records.codes import Code
from kerasnn.scripts.readings.reading import Data, NotWritten, Reading, assigned, not_here, quoted

SHOWN: Final = 2  # files, of which each one is named
CHANGES: Final = (Code.PICTURES_GREY, Code.PICTURES_FIRST, Code.PICTURES_TURNED, Code.LABELS_NUMBERED)
_FUNCTION: Final = '''\
def read_parquet(*paths):
    """Return the images and the labels in Parquet files."""
    rows = [row for path in paths for row in parquet.read_table(path, columns=[{image}, {label}]).to_pylist()]
    images = [{picture} for row in rows]
    return np.stack(images), np.array([{number} for row in rows])'''
_PICTURE: Final = 'np.array(ImageOps.exif_transpose(Image.open(io.BytesIO(row[{image}]{inside}))).convert("L"))'
_VALUES: Final = 'np.array(row[{image}], "uint8").reshape({rows}, {columns})'


def write(data: Data) -> Reading:
    """Return the code. Raises: NotWritten, DataError."""
    data.refuse_but(*CHANGES)
    if not data.is_here:
        raise not_here(data.path)
    parts = parts_of(data.path)
    seen = looked_at(data.path, [file for files in parts.values() for file in files])
    if len(seen["columns"]) != 1:
        raise NotWritten(_("its files are not written in the same way"))
    ((image, label, kind, kind_of_labels),) = seen["columns"]
    if data.is_named and not set(seen["labels"]) <= set(data.classes):
        raise data.refusal(Code.LABELS_NUMBERED)
    picture = _VALUES if kind == "list" else _PICTURE
    function = _FUNCTION.format(
        image=quoted(image),
        label=quoted(label),
        picture=picture.format(
            image=quoted(image),
            inside='["bytes"]' if kind == "struct" else "",
            rows=data.shape[0],
            columns=data.shape[1],
        ),
        number=_number(f"row[{quoted(label)}]", kind_of_labels, is_named=data.is_named),
    )
    imports = {"import numpy as np", "from pyarrow import parquet"}
    lines = assigned({part: f"read_parquet({_paths(files, data)})" for part, files in parts.items()})
    imports |= {"from pathlib import Path"} if any(".glob(" in line for line in lines) else set()
    imports |= set() if kind == "list" else {"import io", "from PIL import Image, ImageOps"}
    packages = ("pyarrow",) if kind == "list" else ("pyarrow", "pillow")
    return Reading(imports, lines, function, _("Read Parquet files."), data.is_named, packages)


def _number(value: str, kind: str, *, is_named: bool) -> str:
    """Return the expression for the number of a label, of which kerasnn reads the text. `kind`: as `looked_at` says."""
    if is_named:
        return f"class_names.index({value if kind == 'str' else f'str({value})'})"
    return value if kind == "int" else f"int(float({value}))"


def _paths(files: list[Path], data: Data) -> str:
    """Return the arguments for these files: a pattern if they are many and it finds them in their order."""
    start = commonprefix([file.name for file in files]) + "*"  # noqa: RUF071  # of their letters
    folder = files[0].parent
    if len(files) > SHOWN and "[" not in start and sorted(folder.glob(start)) == files:
        return f"*sorted(Path({_place(folder, data)}).glob({quoted(start)}))"
    return ", ".join(_place(file, data) for file in files)


def _place(path: Path, data: Data) -> str:
    return data.place(*path.relative_to(data.path).parts)
