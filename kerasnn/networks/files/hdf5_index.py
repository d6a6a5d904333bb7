"""List the arrays of an HDF5 file and where their values lie. Runs in a separate process.

HDF5 is a C library that trusts what it reads: a few bytes can make it loop, crash, or ask for gigabytes. So it sees a
stranger's file only here, under limits on time and memory, and only to find the arrays; kerasnn reads their values
itself. It imports little of kerasnn, so that it starts fast.

HDF5 can also point to other files, decompress, compute virtual data, and give one object many names. Keras does none
of this: it writes groups, hard links and plain contiguous arrays. Anything else is refused.
"""

import io
import json
import os
import sys
from math import prod
from typing import IO, Any, Final

import h5py

from kerasnn.files.limits import allow, limit

MOST_OBJECTS: Final = 5_000
DEEPEST: Final = 12
MOST_ATTRIBUTES: Final = 16
LONGEST_NAME: Final = 500
LARGEST_ATTRIBUTE: Final = 1 << 20
LARGEST_INDEX: Final = 1 << 23  # characters of the answer
READ_ATTRIBUTES: Final = ("model_config", "training_config", "keras_version", "weight_names", "kerasnn")
# what h5py raises for a damaged file, and Python for a number in it that is too large
DAMAGE: Final = (OSError, LookupError, ValueError, TypeError, RuntimeError, OverflowError, MemoryError)
SECONDS: Final = 0.6  # of CPU time once the libraries are loaded: twice what 4,000 arrays take
MEMORY: Final = 256 << 20  # bytes in addition to what the libraries take


class Refused(Exception):
    """The file is refused. `args`: a code, for which `hdf5` has the sentence, and the place in the file."""


class Window(io.RawIOBase):
    """A read-only file made of `length` bytes of `file`, from `start` on."""

    def __init__(self, file: IO[bytes], start: int, length: int) -> None:
        self.file, self.start, self.length = file, start, length
        self.place = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.place

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self.place, os.SEEK_END: self.length}[whence]
        self.place = max(0, base + offset)
        return self.place

    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def]  # Buffer has a name only from Python 3.12 on
        view = memoryview(buffer)[: max(0, self.length - self.place)]
        self.file.seek(self.start + self.place)
        content = self.file.read(len(view))
        view[: len(content)] = content
        self.place += len(content)
        return len(content)


def index(file: IO[bytes], start: int, length: int) -> dict[str, Any]:
    """Return `{"arrays": {place: [offset, shape, dtype]}, "attributes": {place: {name: text or texts}}}`.

    Or `{"refused": [code, place]}` if the data are damaged or refused.
    `start`, `length`: of the HDF5 data in `file`. Offsets count from the beginning of `file`.
    """
    try:
        with h5py.File(Window(file, start, length), "r") as opened:
            walk = _Walk(start, length)
            walk.look_at(h5py.h5g.open(opened.id, b"/"), "", 0)
            return {"arrays": walk.arrays, "attributes": walk.attributes}
    except Refused as refused:
        code, place = refused.args
        return {"refused": [code, place[:80]]}
    except DAMAGE as error:
        return {"refused": ["damaged", str(error)[:200] or type(error).__name__]}


class _Walk:
    """Visits every object of an HDF5 file once, and collects arrays and attributes."""

    def __init__(self, start: int, length: int) -> None:
        self.arrays: dict[str, tuple[int, list[int], str]] = {}
        self.attributes: dict[str, dict[str, Any]] = {}
        self.start, self.length = start, length
        self._room = length  # bytes that no array has claimed yet: overlapping arrays would claim more than there are
        self._seen: set[int] = set()  # addresses, so that an object with two names, or a cycle, is noticed

    def look_at(self, thing: Any, place: str, depth: int) -> None:
        address = h5py.h5o.get_info(thing).addr
        if address in self._seen or len(self._seen) >= MOST_OBJECTS:
            raise Refused("repeated", place)
        self._seen.add(address)
        self._read_attributes(thing, place)
        if isinstance(thing, h5py.h5g.GroupID):
            self._enter(thing, place, depth + 1)
        elif isinstance(thing, h5py.h5d.DatasetID):
            self._note_array(thing, place)
        else:
            raise Refused("no-array", place)

    def _enter(self, group: Any, path: str, depth: int) -> None:
        if depth > DEEPEST:
            raise Refused("deep", path)
        names: list[bytes] = []

        def note(name: bytes) -> bool | None:
            names.append(name)
            return True if len(names) > MOST_OBJECTS else None  # True stops: a B-tree node may be its own child

        group.links.iterate(note)
        for name in names:
            if len(name) > LONGEST_NAME or group.links.get_info(name).type != h5py.h5l.TYPE_HARD:
                raise Refused("link", path)
            self.look_at(h5py.h5o.open(group, name), f"{path}/{name.decode('utf-8')}".lstrip("/"), depth)

    def _read_attributes(self, thing: Any, place: str) -> None:
        count = h5py.h5a.get_num_attrs(thing)
        if count > MOST_ATTRIBUTES:
            raise Refused("attributes", place)
        for number in range(count):
            attribute = h5py.h5a.open(thing, index=number)
            if attribute.get_type().get_size() * prod(attribute.shape) > LARGEST_ATTRIBUTE:
                raise Refused("attributes", place)
            name = attribute.name.decode("utf-8")
            if name in READ_ATTRIBUTES:
                value = h5py.AttributeManager(h5py.Group(thing))[name]
                self.attributes.setdefault(place, {})[name] = _text(value)

    def _note_array(self, array: Any, place: str) -> None:
        creation, kind = array.get_create_plist(), array.get_type()
        shape = [int(size) for size in array.shape]
        size = prod(shape) * kind.get_size()
        if kind.get_class() not in (h5py.h5t.INTEGER, h5py.h5t.FLOAT) or kind.get_size() > 8:
            raise Refused("no-numbers", place)
        if not kind.equal(h5py.h5t.py_create(array.dtype)):  # h5py would convert, say, a shorter mantissa
            raise Refused("no-numbers", place)
        plain = creation.get_layout() == h5py.h5d.CONTIGUOUS
        if not plain or creation.get_nfilters() or creation.get_external_count():
            raise Refused("packed", place)
        offset = array.get_offset()
        self._room -= size
        inside = offset is not None and 0 <= offset <= self.length - size
        if not inside or array.get_storage_size() != size or self._room < 0:
            raise Refused("absent", place)
        self.arrays[place] = (self.start + offset, shape, array.dtype.str)


def _text(value: Any) -> Any:
    """Return an attribute's text, or list of texts; Keras 2 wrote bytes."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list):
        return [_text(each) for each in value]
    return value.decode("utf-8") if isinstance(value, bytes) else str(value)


def main(start: str, length: str) -> None:
    """Print the index of the HDF5 file on standard input as JSON; `start`, `length`: of the data in it."""
    limit(MEMORY, files=3)  # stdin, stdout and stderr are open
    allow(SECONDS)
    found = json.dumps(index(open(0, "rb", buffering=0), int(start), int(length)))  # noqa: SIM115
    sys.stdout.write(found if len(found) <= LARGEST_INDEX else json.dumps({"refused": ["attributes", ""]}))
