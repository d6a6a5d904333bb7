"""The checksum of HDF5's newer structures. Source: Bob Jenkins, lookup3.c, hashlittle; HDF5's H5checksum.c."""

from typing import Final

MASK: Final = 0xFFFFFFFF
BEGIN: Final = 0xDEADBEEF


def _turned(value: int, by: int) -> int:
    return ((value << by) | (value >> (32 - by))) & MASK


def checksum(content: bytes) -> int:
    """The checksum of `content`, as HDF5 stores it."""
    a = b = c = (BEGIN + len(content)) & MASK
    blocks = max(0, (len(content) - 1) // 12)
    for number in range(blocks):
        x, y, z = (
            int.from_bytes(content[place : place + 4], "little") for place in range(12 * number, 12 * number + 12, 4)
        )
        a, b, c = _mixed((a + x) & MASK, (b + y) & MASK, (c + z) & MASK)
    rest = content[12 * blocks :]
    if not rest:
        return c
    x, y, z = (int.from_bytes(rest[place : place + 4], "little") for place in (0, 4, 8))
    return _final((a + x) & MASK, (b + y) & MASK, (c + z) & MASK)


def _mixed(a: int, b: int, c: int) -> tuple[int, int, int]:
    for by in (4, 6, 8, 16, 19, 4):
        a = ((a - c) & MASK) ^ _turned(c, by)
        c = (c + b) & MASK
        a, b, c = b, c, a
    return a, b, c


def _final(a: int, b: int, c: int) -> int:
    for by in (14, 11, 25, 16, 4, 14, 24):
        c = ((c ^ b) - _turned(b, by)) & MASK
        a, b, c = b, c, a
    return b
