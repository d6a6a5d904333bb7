"""Tell from the values of pixels on which scale they are, each part of a data set by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from kerasnn.data.blocks import blocks
from kerasnn.errors import DataError
from kerasnn.language import N_, _
from kerasnn.records import Note
from kerasnn.records.codes import Code

Array = NDArray[Any]

SIXTEEN_BITS: Final = 65535
TWELVE_BITS: Final = 4095  # what has no larger values may have 10, 12 or 16 bits
DIM: Final = 31  # fractions up to here may be on any scale
NOISE: Final = 1e-3  # that computing with floats may add to a value of 1
EXPECTED: Final = N_("numbers from 0 to 255, 0 to 1, -1 to 1 or 0 to 65,535, of one scale and type in all parts")


@dataclass(frozen=True)
class Scale:
    """How values become bytes: `values * factor + shift`. `rule`: the same as a formula for the user."""

    rule: str
    factor: float = 1.0
    shift: float = 0.0

    @property
    def white(self) -> float:
        return (255 - self.shift) / self.factor

    def applied(self, values: Array) -> Array:
        return values.astype(np.result_type(values, np.float32)) * self.factor + self.shift

    def is_exact(self, array: Array) -> bool:
        """Return True if all values become whole numbers, but for the error of their type."""
        if array.dtype.kind == "b" or (self is AS_IS and array.dtype.kind in "iu"):
            return True
        error = max(1e-3, 128 * float(np.finfo(array.dtype).eps)) if array.dtype.kind == "f" else 1e-3
        scaled = map(self.applied, blocks(array))
        return all(bool((np.abs(values - np.rint(values)) <= error).all()) for values in scaled)


AS_IS: Final = Scale("x")
UNIT: Final = Scale("x * 255", 255)
SYMMETRIC: Final = (Scale("(x + 1) * 127.5", 127.5, 127.5), Scale("(x + 0.5) * 255", 255, 127.5))
MORE_BITS: Final = (Scale("x / 257", 1 / 257), Scale("x / 256", 1 / 256))


@dataclass(frozen=True)
class _Part:
    """The pixels of a part, called `name`, and their range."""

    array: Array
    name: str
    low: float
    high: float

    @classmethod
    def of(cls, array: Array, name: str, where: str) -> Self:
        """Return the part. Raises: DataError if its values are not finite numbers."""
        if array.dtype.kind not in "biuf":
            raise DataError(
                _("{where}: the pixels are {types}", where=f"{where}, {name}", types=array.dtype),
                expected=_(EXPECTED),
                hint=_("save them as numbers: x.astype('float32')"),
            )
        part = cls(array, name, float(array.min()), float(array.max()))
        if not np.isfinite([part.low, part.high]).all():
            raise _not_finite(array, f"{where}, {name}")
        return part

    @property
    def kind(self) -> str:
        return self.array.dtype.kind.replace("u", "i")

    @property
    def is_black(self) -> bool:
        return self.low == self.high == 0

    def scale(self) -> Scale | None:
        """Return the scale that the values are on by themselves; None if that is not sure."""
        if self.low >= 0 and self.high <= 1 + NOISE:
            return UNIT
        if self.low < 0:
            fitting = SYMMETRIC if self.kind == "f" and self.low >= -1 - NOISE and self.high <= 1 + NOISE else ()
            return next((scale for scale in fitting if scale.is_exact(self.array)), None)
        if self.high <= 255:
            return AS_IS if self.high > DIM or AS_IS.is_exact(self.array) else None
        if self.high > SIXTEEN_BITS:
            return None
        exact = next((scale for scale in MORE_BITS if scale.is_exact(self.array)), None)
        return exact or (MORE_BITS[0] if self.high > TWELVE_BITS else None)

    def __str__(self) -> str:
        values = {"dtype": self.array.dtype, "low": f"{self.low:.5g}", "high": f"{self.high:.5g}"}
        return _("{name} is {dtype} from {low} to {high}", name=self.name, **values)


def scale_of(arrays: Sequence[Array], names: Sequence[str], where: str) -> tuple[Scale, Note | None]:
    """Return the one scale of all `arrays`, and a note on how its values become bytes, unless they are.

    A part that is all black is on any scale where black is 0. `names`: of the arrays; `where`: their place.

    Raises: DataError if a part is on none for sure, or the parts are on several.
    """
    parts = [_Part.of(array, name, where) for array, name in zip(arrays, names, strict=True)]
    scales = [_sure(part, where) for part in parts]
    scale = next((scale for part, scale in zip(parts, scales, strict=True) if not part.is_black), scales[0])
    agreeing = (own is scale or (part.is_black and not scale.shift) for part, own in zip(parts, scales, strict=True))
    if len({part.kind for part in parts}) > 1 or not all(agreeing):
        raise _several(parts, scales, where)
    if scale is UNIT and parts[0].kind == "i":
        scale = AS_IS  # bytes of 0 and 1: `examine` says that they are dark
    exact = all(map(scale.is_exact, arrays))
    other = ", ".join(dict.fromkeys(str(array.dtype) for array in arrays if array.dtype != np.uint8))
    code = Code.PIXELS_ROUNDED if not exact else Code.PIXELS_AS_BYTES if scale is AS_IS else Code.PIXELS_SCALED
    rule = {} if code is Code.PIXELS_AS_BYTES else {"rule": scale.rule}
    return scale, Note(code, {"dtype": other, **rule}) if other else None


def _sure(part: _Part, where: str) -> Scale:
    scale = part.scale()
    if scale is not None:
        return scale
    values = {"types": part.array.dtype, "low": f"{part.low:.5g}", "high": f"{part.high:.5g}"}
    raise DataError(
        _("{where}: the pixels are {types} from {low} to {high}", where=f"{where}, {part.name}", **values),
        expected=_(EXPECTED),
        hint=_(
            "save them as bytes from 0 to 255: np.rint((x - black) / (white - black) * 255).astype('uint8'), with the "
            "values that black and white have in x"
        ),
    )


def _not_finite(array: Array, where: str) -> DataError:
    count = sum(int(np.count_nonzero(~np.isfinite(block))) for block in blocks(array))
    return DataError(
        _(
            "{where}: the pixels are {types}, and {count:,} of {total:,} are infinite or not a number",
            where=where,
            types=array.dtype,
            count=count,
            total=array.size,
        ),
        expected=_("finite numbers"),
        hint=_("look for a division by 0 or for missing values where they were made; np.isfinite(x) finds them"),
    )


def _several(parts: Sequence[_Part], scales: Sequence[Scale], where: str) -> DataError:
    """Return the error for parts on several scales, with how to bring one that is not 0 to 255 to bytes."""
    part, scale = max(zip(parts, scales, strict=True), key=lambda both: (both[1] is not AS_IS, both[0].kind == "f"))
    return DataError(
        _(
            "{where}: the parts have different scales or types: {ranges}",
            where=where,
            ranges="; ".join(map(str, parts)),
        ),
        expected=_(EXPECTED),
        hint=_(
            "save all parts as bytes from 0 to 255; {name} becomes that by np.rint({rule}).astype('uint8'), if {white} "
            "is white in it",
            name=part.name,
            rule=scale.rule,
            white=f"{scale.white:g}",
        ),
    )
