"""The variables of a model in HDF5, read only once the whole file is known to hold plain arrays and nothing else.

HDF5 can point to other files, unpack, compute virtual data and name one thing many times. Keras writes none of that:
groups, hard links, and arrays that lie in the file as they are.
"""

from collections.abc import Iterable
from math import prod
from typing import Any, Final, Self

import h5py
import numpy as np
from numpy.typing import NDArray

from kerasnn.language import _
from kerasnn.networks.container import Unsafe, Window

Shape = tuple[int, ...]

MOST_OBJECTS: Final = 5_000
DEEPEST: Final = 10
MOST_ATTRIBUTES: Final = 8
LARGEST_ATTRIBUTE: Final = 1 << 16
# what h5py passes on from HDF5 for a damaged file, and Python from a number in it that is too large
DAMAGE: Final = (OSError, KeyError, ValueError, TypeError, RuntimeError, OverflowError, NotImplementedError)


class WeightFile:
    """`shapes`: of each variable, by its place in the file, such as `layers/dense/vars/0`."""

    def __init__(self, window: Window) -> None:
        """Raises: Unsafe."""
        self.shapes: dict[str, Shape] = {}
        self._types: dict[str, np.dtype[Any]] = {}
        self._seen: set[int] = set()
        self._room = window.length
        try:
            self._file = h5py.File(window, "r")
            self._walk(self._file.id, "", 0)
        except DAMAGE as error:
            raise Unsafe(_("its weights are damaged: {error}", error=str(error)[:200])) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def _walk(self, group: Any, path: str, depth: int) -> None:
        if depth > DEEPEST:
            raise Unsafe(_("its weights are nested too deep"))
        names: list[bytes] = []
        group.links.iterate(names.append)
        for name in names:
            if group.links.get_info(name).type != h5py.h5l.TYPE_HARD:
                raise Unsafe(_("its weights point out of the file"))
            place = f"{path}/{name.decode('utf-8')}".lstrip("/")
            self._look_at(h5py.h5o.open(group, name), place, depth)

    def _look_at(self, thing: Any, place: str, depth: int) -> None:
        self._note(thing)
        for number in range(h5py.h5a.get_num_attrs(thing)):
            if h5py.h5a.open(thing, index=number).get_storage_size() > LARGEST_ATTRIBUTE:
                raise Unsafe(_("its weights have large attributes"))
        if isinstance(thing, h5py.h5g.GroupID):
            self._walk(thing, place, depth + 1)
        elif isinstance(thing, h5py.h5d.DatasetID):
            self.shapes[place] = self._checked_shape(thing, place)
            self._types[place] = thing.dtype
        else:
            raise Unsafe(_("its weights hold something that is no array, {place}", place=place[:80]))

    def _note(self, thing: Any) -> None:
        address = h5py.h5o.get_info(thing).addr
        if address in self._seen or len(self._seen) >= MOST_OBJECTS:
            raise Unsafe(_("its weights hold too many things, or one under two names"))
        self._seen.add(address)
        if h5py.h5a.get_num_attrs(thing) > MOST_ATTRIBUTES:
            raise Unsafe(_("its weights have too many attributes"))

    def _checked_shape(self, array: Any, place: str) -> Shape:
        creation = array.get_create_plist()
        plain = creation.get_layout() in (h5py.h5d.COMPACT, h5py.h5d.CONTIGUOUS)
        if not plain or creation.get_nfilters() or creation.get_external_count():
            raise Unsafe(_("its array {place} is packed, virtual or kept in another file", place=place[:80]))
        kind = array.get_type()
        if kind.get_class() not in (h5py.h5t.INTEGER, h5py.h5t.FLOAT) or kind.get_size() > 8:
            raise Unsafe(_("its array {place} holds no numbers", place=place[:80]))
        shape = tuple(int(size) for size in array.shape)
        size = prod(shape) * kind.get_size()
        self._room -= size
        if array.get_storage_size() != size or self._room < 0:
            raise Unsafe(_("its array {place} of shape {shape} is not in the file", place=place[:80], shape=shape))
        return shape

    def array(self, place: str, shape: Shape) -> NDArray[np.float32]:
        """The variable at `place`, of `shape`.

        Raises: Unsafe where it has another shape or type, or holds what is not a finite number.
        """
        self.refuse_unless(place, shape)
        try:
            values: NDArray[np.float32] = np.asarray(self._file[place][()], np.float32)
        except DAMAGE as error:
            raise Unsafe(_("its weights are damaged: {error}", error=str(error)[:200])) from None
        if not np.isfinite(values).all():
            raise Unsafe(_("some of its weights are not numbers, at {place}", place=place))
        return values

    def refuse_unless(self, place: str, shape: Shape) -> None:
        """Raise Unsafe unless there is a variable of float32 and of `shape` at `place`."""
        if self.shapes.get(place) != shape:
            found = _("of shape {shape}", shape=self.shapes[place]) if place in self.shapes else _("missing")
            raise Unsafe(
                _(
                    "its weights at {place} are {found} where its configuration says {shape}",
                    place=place,
                    found=found,
                    shape=shape,
                )
            )
        if self._types[place] != np.float32:
            raise Unsafe(
                _(
                    "its weights at {place} are {type}, where float32 was expected",
                    place=place,
                    type=self._types[place],
                )
            )

    def refuse_others(self, places: Iterable[str]) -> None:
        """Raise Unsafe where the layers have variables beyond `places`; states of random generators do not count."""
        layers = {place for place in self.shapes if place.startswith("layers/") and "/seed_generator/" not in place}
        others = sorted(layers.difference(places))
        if others:
            raise Unsafe(_("its weights hold {place}, which its configuration does not know", place=others[0][:80]))
