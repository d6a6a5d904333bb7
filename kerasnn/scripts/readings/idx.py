"""Code that reads IDX files, in a folder or an archive."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from kerasnn.data.archives import DAMAGE, damaged
from kerasnn.data.entries import Entry
from kerasnn.data.idx import LEARNING_IMAGES, LEARNING_LABELS, TEST_IMAGES, TEST_LABELS
from kerasnn.data.idx_files import find_files
from kerasnn.data.part_names import TEST, TRAIN, VALIDATION
from kerasnn.files.packed import GZIP, is_zip
from kerasnn.language import _
from kerasnn.records.codes import Code
from kerasnn.scripts.readings.reading import Data, Reading, check_packing, not_here, quoted

USUAL: Final = {
    "train_input": LEARNING_IMAGES,
    "train_target": LEARNING_LABELS,
    "test_input": TEST_IMAGES,
    "test_target": TEST_LABELS,
}
TOGETHER: Final = {TRAIN: (TRAIN, VALIDATION), TEST: (TEST,)}
KINDS: Final = {"images": "input", "labels": "target"}
_FUNCTION: Final = '''\
def read_idx({name}):
    """Return the array in an IDX file: its fourth byte is the number of dimensions; their sizes follow."""
    content = {content}
    shape = np.frombuffer(content, ">i4", count=content[3], offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * len(shape)).reshape(shape)'''


class _Holder(NamedTuple):
    """What holds the files, and how a script opens it, names a file in it, reads that, and sees that it is packed."""

    import_line: str
    opening: str
    named: str
    reading: str
    is_packed: str


_FOLDER: Final = _Holder(
    "from pathlib import Path", "folder = Path({place})", "folder / {name}", "path.read_bytes()", 'path.suffix == ".gz"'
)
_ZIP: Final = _Holder(
    "import zipfile",
    "with zipfile.ZipFile({place}) as archive:",
    "{name}",
    "archive.read(name)",
    'name.endswith(".gz")',
)
_TAR: Final = _ZIP._replace(
    import_line="import tarfile",
    opening="with tarfile.open({place}) as archive:",
    reading="archive.extractfile(name).read()",
)


def write(data: Data) -> Reading:
    """Return the code. Raises: NotWritten, DataError."""
    data.refuse_but(Code.IMAGES_TURNED, Code.LABELS_FROM_ONE)
    if not data.is_here:
        if data.conversions:
            raise not_here(data.path)
        return of_files(data, usual_names(data.path), _FOLDER)
    files = find_files(data.path, data.prefix)
    for entry in files.values():
        check_packing(entry.name, is_packed=_is_packed(entry))
    names = {
        f"{part}_{variable}": [_inside(data.path, files[each, kind]) for each in together if (each, kind) in files]
        for part, together in TOGETHER.items()
        if (part, "images") in files
        for kind, variable in KINDS.items()
    }
    holder = _FOLDER if data.path.is_dir() else _ZIP if is_zip(data.path) else _TAR
    return of_files(data, names, holder)


def usual_names(folder: Path) -> dict[str, list[str]]:
    """Return the names of MNIST's files, as they are in `folder`, by the variables that their arrays get."""
    return {variable: [(file.find(folder) or folder / f"{file.name}.gz").name] for variable, file in USUAL.items()}


def of_files(
    data: Data, names: Mapping[str, list[str]], holder: _Holder = _FOLDER, opening: str | None = None
) -> Reading:
    """Return the code that reads the files called `names`, by the variables that their arrays get.

    `opening`: the lines that define `folder`, if it has to be looked for.
    """
    start = opening or holder.opening.format(place=data.place())
    indent = "    " if start.endswith(":") else ""
    lines = [f"{indent}{variable} = {_arrays(each, variable, data, holder)}" for variable, each in names.items()]
    are_packed = {name.endswith(".gz") for each in names.values() for name in each}
    content = f"gzip.decompress({holder.reading})" if True in are_packed else holder.reading
    if len(are_packed) > 1:
        content += f" if {holder.is_packed} else {holder.reading}"
    imports = {holder.import_line, "import numpy as np", *(["import gzip"] if True in are_packed else [])}
    function = _FUNCTION.format(name="path" if holder is _FOLDER else "name", content=content)
    return Reading(imports, [start, *lines], function, _("Read a file in the IDX format."))


def _arrays(names: list[str], variable: str, data: Data, holder: _Holder) -> str:
    """Return the expression for what the files called `names` hold together."""
    read = [f"read_idx({holder.named.format(name=quoted(name))})" for name in names]
    array = read[0] if len(read) == 1 else f"np.concatenate([{', '.join(read)}])"
    if variable.endswith("input"):
        return f"{array}.transpose(0, 2, 1)" if Code.IMAGES_TURNED in data.conversions else array
    return f"{array} - 1" if Code.LABELS_FROM_ONE in data.conversions else array


def _is_packed(entry: Entry) -> bool:
    try:
        with entry.open() as file:
            return file.read(2) == GZIP
    except DAMAGE as error:
        raise damaged(entry.where, error) from None


def _inside(path: Path, entry: Entry) -> str:
    """Return the name of a file in the folder or archive `path`."""
    return entry.member or Path(entry.where).relative_to(path).as_posix()
