"""Arrays and texts of an HDF5 file: found in a process of its own (see `hdf5_index`), read here as plain bytes."""

import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import prod
from os import environ
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

import kerasnn
from kerasnn.errors import EnvironmentFault
from kerasnn.files.untrusted import parse_json
from kerasnn.language import N_, _
from kerasnn.networks.files.refusal import Unsafe

Shape = tuple[int, ...]

SIGNATURE: Final = b"\x89HDF\r\n\x1a\n"
MOST_SECONDS: Final = 10  # by the clock; `hdf5_index` limits the processor's time
_REFUSED: Final = {
    "repeated": N_("its weights hold too many things, or one under two names, at {place}"),
    "no-array": N_("its weights hold something that is no array, {place}"),
    "deep": N_("its weights are nested too deep"),
    "link": N_("its weights point out of the file"),
    "attributes": N_("its weights have too many or too large attributes"),
    "no-numbers": N_("its array {place} holds no numbers"),
    "packed": N_("its array {place} is packed, virtual or kept in another file"),
    "absent": N_("its array {place} is not in the file"),
    "damaged": N_("its weights are damaged: {place}"),
}
_SCRIPT: Final = Path(__file__).with_name("hdf5_index.py")
_PACKAGE: Final = Path(kerasnn.__file__).resolve().parent


@dataclass(frozen=True)
class Entry:
    """Where an array lies in the file, and how."""

    offset: int
    shape: Shape
    dtype: str


@dataclass(frozen=True)
class Contents:
    """What an HDF5 file holds, by its places, such as `layers/dense/vars/0`."""

    path: Path
    arrays: Mapping[str, Entry]
    attributes: Mapping[str, Mapping[str, Any]]

    def text(self, name: str) -> str | None:
        """An attribute of the whole file, or None."""
        value = self.attributes.get("", {}).get(name)
        return value if isinstance(value, str) else None

    def texts(self, place: str, name: str) -> list[str]:
        """An attribute that is a list of texts, empty where it is not."""
        value = self.attributes.get(place, {}).get(name)
        return value if isinstance(value, list) and all(isinstance(each, str) for each in value) else []

    def refuse_unless(self, place: str, shape: Shape) -> None:
        """Raise Unsafe unless there is an array of float32 and of `shape` at `place`."""
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
        if entry.dtype != "<f4":
            found = np.dtype(entry.dtype).name
            raise Unsafe(_("its weights at {place} are {type}, where float32 was expected", place=place, type=found))

    def array(self, place: str, shape: Shape) -> NDArray[np.float32]:
        """Read the array at `place`, of `shape`.

        Raises: Unsafe where it has another shape or type, or holds what is not a finite number; OSError.
        """
        self.refuse_unless(place, shape)
        values = np.fromfile(self.path, "<f4", prod(shape), offset=self.arrays[place].offset)
        if values.size != prod(shape):
            raise Unsafe(_("it ends too early"))
        if not np.isfinite(values).all():
            raise Unsafe(_("some of its weights are not numbers, at {place}", place=place))
        return values.reshape(shape)

    def refuse_others(self, places: Iterable[str]) -> None:
        """Raise Unsafe where the layers have variables beyond `places`; states of random generators do not count."""
        layers = {place for place in self.arrays if place.startswith("layers/") and "/seed_generator/" not in place}
        others = sorted(layers.difference(places))
        if others:
            raise Unsafe(_("its weights hold {place}, which its configuration does not know", place=others[0][:80]))


def read_contents(path: Path, start: int, length: int) -> Contents:
    """List what the HDF5 data of `length` bytes from `start` on in the file `path` hold.

    Raises: Unsafe where they are damaged, or hold what Keras does not write; OSError.
    """
    with path.open("rb") as file:
        found = _index_here(file, start, length) if _is_own(path) else _index_apart(file, start, length)
    try:
        return _checked(path, found, path.stat().st_size)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise Unsafe(_("reading its weights gave no answer")) from None


def _is_own(path: Path) -> bool:
    """True for the reference models: files of this package are trusted as its code is."""
    return any(path.resolve().is_relative_to(folder / "models") for folder in (_PACKAGE, _PACKAGE.parent))


def _index_here(file: Any, start: int, length: int) -> Any:
    from kerasnn.networks.files.hdf5_index import index  # loads h5py, as the other way does not

    return index(file, start, length)


def _index_apart(file: Any, start: int, length: int) -> Any:
    """What `hdf5_index.index` returns, found by a process with limits. Raises: Unsafe where it does not survive."""
    # not -I, which would hide packages that the user has installed for himself; -P keeps this folder off the path
    command = [sys.executable, "-P", str(_SCRIPT), str(start), str(length)]
    one_thread = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    try:
        ended = subprocess.run(  # noqa: S603  # this very interpreter on a file of this package
            command,
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=MOST_SECONDS,
            env={**environ, **one_thread},
            check=False,
        )
    except OSError as error:
        raise EnvironmentFault(_("no process can be started to read HDF5: {error}", error=error)) from None
    except subprocess.TimeoutExpired:
        raise Unsafe(_("reading its weights takes more than {seconds} s", seconds=MOST_SECONDS)) from None
    if ended.returncode:
        raise Unsafe(_("its weights are damaged: HDF5 does not survive reading them, or needs too much time or memory"))
    try:
        return parse_json(ended.stdout)
    except ValueError:
        raise Unsafe(_("reading its weights gave no answer")) from None


def _checked(path: Path, found: Any, size: int) -> Contents:
    """`found` in its types: a process that was led astray could have written anything."""
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
