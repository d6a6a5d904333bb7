"""Read arrays and texts from an HDF5 file: a separate process finds them (`hdf5_index`), this one reads their bytes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

import kerasnn
from kerasnn.files.apart import Apart
from kerasnn.files.untrusted import parse_json
from kerasnn.language import N_, _
from kerasnn.lecture.layer import Shape
from kerasnn.networks.files import Unsafe

SIGNATURE: Final = b"\x89HDF\r\n\x1a\n"
# what `hdf5_index` refuses, by its codes
_REFUSED: Final = {
    "repeated": N_("its weights hold too many things, or one under two names, at {place}"),
    "no-array": N_("its weights hold something that is not an array, {place}"),
    "deep": N_("its weights are nested too deeply"),
    "link": N_("its weights point outside the file"),
    "attributes": N_("its weights have too many or too large attributes"),
    "no-numbers": N_("its array {place} does not hold numbers"),
    "packed": N_("its array {place} is packed, virtual or kept in another file"),
    "absent": N_("its array {place} is not in the file"),
    "damaged": N_("its weights are damaged: {place}"),
}
_FLOAT32: Final = ("<f4", ">f4")  # a file that was written on a big-endian machine has the second
_PACKAGE: Final = Path(kerasnn.__file__).resolve().parent


@dataclass(frozen=True)
class Entry:
    """An array in the file. `offset`: where its values begin, in bytes; they are contiguous."""

    offset: int
    shape: Shape
    dtype: str


@dataclass(frozen=True)
class Contents:
    """The arrays and attributes of an HDF5 file, by place, such as `layers/dense/vars/0`; the root is ""."""

    path: Path
    arrays: Mapping[str, Entry]
    attributes: Mapping[str, Mapping[str, Any]]

    def text(self, name: str) -> bytes | None:
        """Return an attribute of the root, in UTF-8 if it is whole; None if it is missing or not a text."""
        value = self.attributes.get("", {}).get(name)
        return value.encode("utf-8", "surrogateescape") if isinstance(value, str) else None

    def texts(self, place: str, name: str) -> list[str]:
        """Return an attribute of `place` that is a list of texts; an empty list if it is missing or something else."""
        value = self.attributes.get(place, {}).get(name)
        return value if isinstance(value, list) and all(isinstance(each, str) for each in value) else []

    def refuse_unless(self, place: str, shape: Shape) -> None:
        """Raise Unsafe unless there is a float32 array of `shape` at `place`."""
        entry = self.arrays.get(place)
        if entry is None or entry.shape != shape:
            found = _("missing") if entry is None else _("of shape {shape}", shape=entry.shape)
            raise Unsafe(
                _(
                    "its weights at {place} are {found} where its configuration says {shape}",
                    place=place,
                    found=found,
                    shape=shape,
                )
            )
        if entry.dtype not in _FLOAT32:
            found = np.dtype(entry.dtype).name
            raise Unsafe(_("its weights at {place} are {type}, where float32 was expected", place=place, type=found))

    def array(self, place: str, shape: Shape) -> NDArray[np.float32]:
        """Read the array of `shape` at `place`.

        Raises: Unsafe if it has another shape or type, or a value that is not finite; OSError.
        """
        self.refuse_unless(place, shape)
        entry = self.arrays[place]
        values = np.fromfile(self.path, entry.dtype, prod(shape), offset=entry.offset).astype("<f4", copy=False)
        if values.size != prod(shape):
            raise Unsafe(_("it ends too early"))
        if not np.isfinite(values).all():
            raise Unsafe(_("some of its weights are not numbers, at {place}", place=place))
        return values.reshape(shape)

    def refuse_others(self, places: Iterable[str]) -> None:
        """Raise Unsafe if the layers have variables that are not among `places`.

        The states of random generators, which Dropout has, do not count.
        """
        layers = {place for place in self.arrays if place.startswith("layers/") and "/seed_generator/" not in place}
        others = sorted(layers.difference(places))
        if others:
            raise Unsafe(_("its weights hold {place}, which its configuration does not know", place=others[0][:80]))


def read_contents(path: Path, start: int, length: int) -> Contents:
    """List the contents of the HDF5 data in the file `path`: `length` bytes from `start` on.

    Raises: Unsafe if the data are damaged, or contain something that Keras does not write; OSError.
    """
    with path.open("rb") as file:
        if _is_own(path):
            from kerasnn.networks.files.hdf5_index import index  # loads h5py into this process

            found: Any = index(file, start, length)
        else:
            found = _index_apart(file, start, length)
    try:
        return _checked(path, found, path.stat().st_size)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise Unsafe(_("reading its weights gave no answer")) from None


def _is_own(path: Path) -> bool:
    """Return True for a reference model: files of this package are trusted as much as its code."""
    return any(path.resolve().is_relative_to(folder / "models") for folder in (_PACKAGE, _PACKAGE.parent))


def _index_apart(file: Any, start: int, length: int) -> Any:
    """Return what `hdf5_index.index` returns, from a process with limits. Raises: Unsafe if that process dies."""
    with Apart("kerasnn.networks.files.hdf5_index", str(start), str(length), stdin=file) as process:
        answer, ended = process.answer()
    if not ended:
        raise Unsafe(_("its weights are damaged: HDF5 crashes on them, or needs too much time or memory"))
    try:
        return parse_json(answer)
    except ValueError:
        raise Unsafe(_("reading its weights gave no answer")) from None


def _checked(path: Path, found: Any, size: int) -> Contents:
    """Return `found` with its types and offsets checked: a hijacked process could have written anything.

    `size`: of the file `path` in bytes.
    """
    if "refused" in found:
        code, place = found["refused"]
        raise Unsafe(_(_REFUSED[code], place=str(place)))
    arrays = {}
    for place, (offset, shape, dtype) in found["arrays"].items():
        entry = Entry(int(offset), tuple(map(int, shape)), str(np.dtype(dtype).str))
        if entry.offset < 0 or entry.offset + prod(entry.shape) * np.dtype(dtype).itemsize > size:
            raise ValueError(place)
        arrays[str(place)] = entry
    return Contents(path, arrays, {str(place): dict(own) for place, own in found["attributes"].items()})
