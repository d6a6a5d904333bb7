"""Object headers of HDF5 files of both versions and the messages in them; and the superblock, where all begins."""

from collections.abc import Callable
from typing import Final

from tests.faults.hdf5_parts import ENTRY, NOWHERE, SIGNATURE, Reader, Row
from tests.faults.structures import Layout, Part

CONTINUATION: Final = 0x10
SUPERBLOCK: Final[tuple[Row, ...]] = (
    *(("version", 1, "code"), ("free-space version", 1, "code"), ("root version", 1, "code"), ("reserved", 1, "code")),
    *(("shared header version", 1, "code"), ("size of offsets", 1, "count"), ("size of lengths", 1, "count")),
    *(
        ("reserved too", 1, "code"),
        ("leaf K", 2, "count"),
        ("internal K", 2, "count"),
        ("consistency flags", 4, "code"),
    ),
)
ADDRESSES: Final[tuple[Row, ...]] = (
    *(("base", 8, "address"), ("free space", 8, "address"), ("end of file", 8, "address"), ("driver", 8, "address")),
    *ENTRY,
)
SUPERBLOCK_2: Final[tuple[Row, ...]] = (
    *(("version", 1, "code"), ("size of offsets", 1, "count"), ("size of lengths", 1, "count"), ("flags", 1, "code")),
    *(("base", 8, "address"), ("extension", 8, "address"), ("end of file", 8, "address"), ("root", 8, "address")),
)


def parse(content: bytes) -> Layout:
    """All structures that can be reached from the superblock of an HDF5 file."""
    assert content.startswith(SIGNATURE)
    reader = Reader(content)
    version = content[8]
    part = reader.part("superblock", 0, 48 if version > 1 else 96 + 4 * version, 0)
    if version > 1:
        found = reader.table(part, 8, SUPERBLOCK_2)
        reader.sealed(0, found["end"])
        _go(reader, found["root"], 0)
        return reader.layout
    behind = reader.table(part, 8, SUPERBLOCK)["end"]
    if version == 1:
        reader.field(part, "chunk K", behind, 2, "count")
        behind += 4
    _go(reader, reader.table(part, behind, ADDRESSES)["object header"], 0)
    return reader.layout


def _go(reader: Reader, address: int, parent: int) -> None:
    reader.visit(address, parent, header=_header)


def _header(reader: Reader, start: int, parent: int) -> None:
    if reader.content[start : start + 4] == b"OHDR":
        _header_2(reader, start, parent)
        return
    size = reader.number(start + 8, 4)
    part = reader.part("object header", start, start + 16 + size, parent)
    reader.field(part, "version", start, 1, "code")
    reader.field(part, "messages", start + 2, 2, "count")
    reader.field(part, "reference count", start + 4, 4, "count")
    reader.field(part, "size", start + 8, 4, "count")
    _messages(reader, part, start + 16, start + 16 + size)


def _messages(reader: Reader, part: Part, place: int, end: int) -> None:
    while place + 8 <= end:
        kind = reader.field(part, "message type", place, 2, "code")
        size = reader.field(part, "message size", place + 2, 2, "count")
        reader.field(part, "message flags", place + 4, 1, "code")
        _message(reader, part, kind, place + 8, size)
        if kind == CONTINUATION:
            at, length = reader.number(place + 8, 8), reader.number(place + 16, 8)
            _messages(reader, reader.part("continuation", at, at + length, part.start), at, at + length)
        place += 8 + size


def _header_2(reader: Reader, start: int, parent: int) -> None:
    flags = reader.number(start + 5, 1)
    place = start + 6 + 16 * bool(flags & 0x20) + 4 * bool(flags & 0x10)
    wide = 1 << (flags & 3)
    size = reader.number(place, wide)
    part = reader.part("object header of version 2", start, place + wide + size + 4, parent)
    reader.field(part, "version", start + 4, 1, "code")
    reader.field(part, "flags", start + 5, 1, "code")
    if flags & 0x10:
        reader.field(part, "most compact attributes", place - 4, 2, "count")
        reader.field(part, "fewest dense attributes", place - 2, 2, "count")
    reader.field(part, "size", place, wide, "count")
    reader.sealed(start, place + wide + size)
    _messages_2(reader, part, place + wide, place + wide + size, ordered=bool(flags & 4))


def _messages_2(reader: Reader, part: Part, place: int, end: int, *, ordered: bool) -> None:
    head = 6 if ordered else 4
    while place + head <= end:
        kind = reader.field(part, "message type", place, 1, "code")
        size = reader.field(part, "message size", place + 1, 2, "count")
        reader.field(part, "message flags", place + 3, 1, "code")
        _message(reader, part, kind, place + head, size)
        if kind == CONTINUATION:
            at, length = reader.number(place + head, 8), reader.number(place + head + 8, 8)
            block = reader.part("continuation of version 2", at, at + length, part.start)
            reader.sealed(at, at + length - 4)
            _messages_2(reader, block, at + 4, at + length - 4, ordered=ordered)
        place += head + size


def _message(reader: Reader, part: Part, kind: int, start: int, size: int) -> None:
    if kind in MESSAGES and size:
        MESSAGES[kind](reader, part, start, size)


def _dataspace(reader: Reader, part: Part, start: int, size: int) -> None:
    version = reader.field(part, "dataspace version", start, 1, "code")
    rank = reader.field(part, "rank", start + 1, 1, "count")
    reader.field(part, "dataspace flags", start + 2, 1, "code")
    if version == 2:
        reader.field(part, "dataspace type", start + 3, 1, "code")
    for number in range((size - (4 if version == 2 else 8)) // 8):
        reader.field(
            part,
            "dimension" if number < rank else "largest dimension",
            start + (4 if version == 2 else 8) + 8 * number,
            8,
            "count",
        )


def _datatype(reader: Reader, part: Part, start: int, size: int) -> None:
    form = reader.field(part, "class and version of a type", start, 1, "code")
    for number in range(3):
        reader.field(part, f"class bits {number}", start + 1 + number, 1, "code")
    reader.field(part, "size of a value", start + 4, 4, "count")
    if form & 15 in (0, 1):  # whole numbers and floats
        reader.field(part, "bit offset", start + 8, 2, "count")
        reader.field(part, "precision", start + 10, 2, "count")
    if form & 15 == 1:
        for number, name in enumerate(("exponent location", "exponent size", "mantissa location", "mantissa size")):
            reader.field(part, name, start + 12 + number, 1, "count")
        reader.field(part, "exponent bias", start + 16, 4, "count")
    if form & 15 == 9 and size > 16:  # of any length: the type of one element follows
        _datatype(reader, part, start + 8, size - 8)


def _fill(reader: Reader, part: Part, start: int, size: int) -> None:
    version = reader.field(part, "fill version", start, 1, "code")
    reader.field(part, "fill flags", start + 1, 1, "code")
    if version < 3 and size >= 8:
        reader.field(part, "fill defined", start + 3, 1, "code")
        reader.field(part, "fill size", start + 4, 4, "count")


def _layout(reader: Reader, part: Part, start: int, size: int) -> None:
    reader.field(part, "layout version", start, 1, "code")
    kind = reader.field(part, "layout class", start + 1, 1, "code")
    if kind == 1:
        reader.field(part, "data address", start + 2, 8, "address")
        reader.field(part, "data size", start + 10, 8, "count")


def _attribute(reader: Reader, part: Part, start: int, size: int) -> None:
    version = reader.field(part, "attribute version", start, 1, "code")
    reader.field(part, "attribute flags", start + 1, 1, "code")
    names = ("name size", "type size", "dataspace size")
    sizes = [reader.field(part, name, start + 2 + 2 * number, 2, "count") for number, name in enumerate(names)]
    padded = [(each + 7) // 8 * 8 for each in sizes] if version == 1 else sizes
    place = start + 8 + (version == 3) + padded[0]
    _datatype(reader, part, place, sizes[1])
    _dataspace(reader, part, place + padded[1], sizes[2])
    data = place + padded[1] + padded[2]
    if reader.number(place, 1) & 15 == 9:  # of any length: in a global heap
        for at in range(data, start + size - 15, 16):
            reader.field(part, "text length", at, 4, "count")
            heap = reader.field(part, "global heap", at + 4, 8, "address")
            reader.field(part, "global heap index", at + 12, 4, "count")
            _go(reader, heap, part.start)


def _link(reader: Reader, part: Part, start: int, size: int) -> None:
    flags = reader.number(start + 1, 1)
    reader.field(part, "link version", start, 1, "code")
    reader.field(part, "link flags", start + 1, 1, "code")
    place = start + 2
    for bit, wide, name in ((8, 1, "link type"), (4, 8, "creation order"), (16, 1, "character set")):
        if flags & bit:
            reader.field(part, name, place, wide, "code")
            place += wide
    wide = 1 << (flags & 3)
    place += wide + reader.field(part, "link name length", place, wide, "count")
    _go(reader, reader.field(part, "link target", place, 8, "address"), part.start)


def _dense(name: str) -> "Message":
    """Links or attributes in a fractal heap, with a tree of their names."""

    def read(reader: Reader, part: Part, start: int, size: int) -> None:
        flags = reader.number(start + 1, 1)
        reader.field(part, f"{name} info version", start, 1, "code")
        reader.field(part, f"{name} info flags", start + 1, 1, "code")
        place = start + 2
        if flags & 1:
            wide = 8 if name == "link" else 2
            reader.field(part, "largest creation index", place, wide, "count")
            place += wide
        heap = reader.field(part, f"{name} heap", place, 8, "address")
        tree = reader.field(part, f"{name} tree", place + 8, 8, "address")
        _go(reader, heap, part.start)
        _go(reader, tree, part.start)
        if NOWHERE not in (heap, tree):
            _in_heap(reader, MESSAGES[6 if name == "link" else 12], heap, tree)

    return read


def _in_heap(reader: Reader, read: "Message", heap: int, tree: int) -> None:
    """Read the messages that a fractal heap of one block holds, as a tree of one leaf tells them."""
    block, leaf, size = reader.number(heap + 132, 8), reader.number(tree + 16, 8), reader.number(tree + 10, 2)
    if reader.content[block : block + 4] != b"FHDB" or reader.content[leaf : leaf + 4] != b"BTLF":
        return
    at = 4 if reader.number(tree + 5, 1) == 5 else 0
    for number in range(reader.number(tree + 24, 2)):
        place = leaf + 6 + size * number + at
        read(reader, reader.parts[block], block + reader.number(place + 1, 4), reader.number(place + 5, 2))


def _symbol_table(reader: Reader, part: Part, start: int, size: int) -> None:
    for number, name in enumerate(("tree", "heap")):
        _go(reader, reader.field(part, name, start + 8 * number, 8, "address"), part.start)


def _continuation(reader: Reader, part: Part, start: int, size: int) -> None:
    reader.field(part, "continuation", start, 8, "address")
    reader.field(part, "continuation length", start + 8, 8, "count")


Message = Callable[[Reader, Part, int, int], None]
MESSAGES: Final[dict[int, Message]] = {
    **{0x01: _dataspace, 0x03: _datatype, 0x05: _fill, 0x08: _layout, 0x0C: _attribute, 0x06: _link},
    **{0x02: _dense("link"), 0x15: _dense("attribute"), CONTINUATION: _continuation, 0x11: _symbol_table},
}
