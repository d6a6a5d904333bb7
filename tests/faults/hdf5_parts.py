"""The structures of an HDF5 file, and the numbers in them that point, count and measure; read with `int`, not by HDF5.

Source: HDF5 File Format Specification 3.0. Superblocks 0 to 3 as h5py writes them, addresses of 8 bytes, and what a
file of groups and plain arrays consists of. What lies within object headers is in `hdf5_messages`.
"""

from collections.abc import Callable, Sequence
from typing import Final

from tests.faults.lookup3 import checksum
from tests.faults.structures import Field, Kind, Layout, Part

NOWHERE: Final = (1 << 64) - 1
SIGNATURE: Final = b"\x89HDF\r\n\x1a\n"
Row = tuple[str, int, Kind]  # of a table of fields that follow each other: name, bytes, kind

TREE: Final[tuple[Row, ...]] = (
    *(("node type", 1, "code"), ("level", 1, "count"), ("entries", 2, "count")),
    *(("left sibling", 8, "address"), ("right sibling", 8, "address")),
)
ENTRY: Final[tuple[Row, ...]] = (
    *(("name offset", 8, "count"), ("object header", 8, "address"), ("cache type", 4, "code"), ("reserved", 4, "code")),
    *(("cached tree", 8, "address"), ("cached heap", 8, "address")),
)
FRACTAL_HEAP: Final[tuple[Row, ...]] = (
    *(("version", 1, "code"), ("heap ID length", 2, "count"), ("filter length", 2, "count"), ("flags", 1, "code")),
    *(("largest managed object", 4, "count"), ("next huge ID", 8, "count"), ("huge objects' tree", 8, "address")),
    *(("free space", 8, "count"), ("free-space manager", 8, "address"), ("managed space", 8, "count")),
    *(("allocated space", 8, "count"), ("iterator offset", 8, "count"), ("managed objects", 8, "count")),
    *(
        ("huge space", 8, "count"),
        ("huge objects", 8, "count"),
        ("tiny space", 8, "count"),
        ("tiny objects", 8, "count"),
    ),
    *(("table width", 2, "count"), ("starting block size", 8, "count"), ("largest direct block", 8, "count")),
    *(
        ("largest heap size", 2, "count"),
        ("starting rows", 2, "count"),
        ("root block", 8, "address"),
        ("rows", 2, "count"),
    ),
)
TREE_2: Final[tuple[Row, ...]] = (
    *(("version", 1, "code"), ("type", 1, "code"), ("node size", 4, "count"), ("record size", 2, "count")),
    *(("depth", 2, "count"), ("split", 1, "count"), ("merge", 1, "count"), ("root node", 8, "address")),
    *(("records in the root", 2, "count"), ("records", 8, "count")),
)
FREE_SPACE: Final[tuple[Row, ...]] = (
    *(("version", 1, "code"), ("client", 1, "code"), ("space", 8, "count"), ("sections", 8, "count")),
    *(("serialized sections", 8, "count"), ("ghost sections", 8, "count"), ("classes", 2, "count")),
    *(("shrink percent", 2, "count"), ("expand percent", 2, "count"), ("address bits", 2, "count")),
    *(("largest section", 8, "count"), ("section list", 8, "address"), ("used", 8, "count"), ("allocated", 8, "count")),
)


class Reader:
    """Follows every pointer of `content` once, and collects what it meets in `layout`."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.layout = Layout("little", seal=self._seal)
        self.seals: list[tuple[int, int, int]] = []  # start and end of what a checksum covers, and where it stands
        self.parts: dict[int, Part] = {}
        self.heaps: dict[int, list[int]] = {}  # for each fractal heap, where its objects lie

    def number(self, offset: int, size: int) -> int:
        return int.from_bytes(self.content[offset : offset + size], "little")

    def part(self, kind: str, start: int, end: int, parent: int) -> Part:
        """Note a structure; its end is mended by `end_at` where it is known only later."""
        part = Part(kind, start, end, parent)
        self.parts[start] = part
        self.layout.parts.append(part)
        return part

    def field(self, part: Part, name: str, offset: int, size: int, kind: Kind) -> int:
        if 0 < size <= len(self.content) - offset:
            self.layout.fields.append(Field(part, name, offset, size, kind))
        return self.number(offset, size)

    def table(self, part: Part, offset: int, rows: tuple[Row, ...]) -> dict[str, int]:
        """Note fields that follow each other from `offset` on, and return their values, and the end as "end"."""
        values = {}
        for name, size, kind in rows:
            values[name] = self.field(part, name, offset, size, kind)
            offset += size
        return {**values, "end": offset}

    def sealed(self, start: int, place: int) -> None:
        """Note that the bytes from `start` on have their checksum at `place`, right behind them."""
        self.seals.append((start, place, place))

    def visit(self, address: int, parent: int, *, header: Callable[["Reader", int, int], None]) -> None:
        """Read the structure at `address`, unless that was done; `header`: reads object headers."""
        if address in (0, NOWHERE) or address in self.parts or address >= len(self.content):
            return
        sign = self.content[address : address + 4]
        if sign in READERS:
            READERS[sign](self, address, parent, lambda place: self.visit(place, address, header=header))
        elif sign == b"OHDR" or sign[0] == 1:  # anything else, such as an indirect block, is left alone
            header(self, address, parent)

    def _seal(self, content: bytearray, changed: Sequence[int]) -> None:
        for start, end, place in self.seals:
            if not any(start <= each < end for each in changed):
                continue
            covered = bytearray(content[start:end])
            if start <= place < end:
                covered[place - start : place - start + 4] = bytes(4)  # a direct block's own checksum counts as zeros
            content[place : place + 4] = checksum(bytes(covered)).to_bytes(4, "little")


Go = Callable[[int], None]


def _tree(reader: Reader, start: int, parent: int, go: Go) -> None:
    entries = reader.number(start + 6, 2)
    part = reader.part("tree", start, start + 24 + 8 + 16 * entries, parent)
    found = reader.table(part, start + 4, TREE)
    reader.field(part, "key", found["end"], 8, "count")
    for number in range(entries):
        place = found["end"] + 8 + 16 * number
        go(reader.field(part, "child", place, 8, "address"))
        reader.field(part, "key", place + 8, 8, "count")
    go(found["left sibling"])
    go(found["right sibling"])


def _symbols(reader: Reader, start: int, parent: int, go: Go) -> None:
    count = reader.number(start + 6, 2)
    part = reader.part("symbol table node", start, start + 8 + 40 * count, parent)
    reader.field(part, "version", start + 4, 1, "code")
    reader.field(part, "symbols", start + 6, 2, "count")
    for number in range(count):
        go(reader.table(part, start + 8 + 40 * number, ENTRY)["object header"])


def _heap(reader: Reader, start: int, parent: int, go: Go) -> None:
    part = reader.part("local heap", start, start + 32, parent)
    reader.field(part, "version", start + 4, 1, "code")
    reader.field(part, "data size", start + 8, 8, "count")
    free = reader.field(part, "free list", start + 16, 8, "count")
    data = reader.field(part, "data", start + 24, 8, "address")
    if free + 16 <= reader.number(start + 8, 8):
        reader.field(part, "next free block", data + free, 8, "count")
        reader.field(part, "size of a free block", data + free + 8, 8, "count")


def _collection(reader: Reader, start: int, parent: int, go: Go) -> None:
    part = reader.part("global heap", start, start + reader.number(start + 8, 8), parent)
    reader.field(part, "version", start + 4, 1, "code")
    reader.field(part, "size", start + 8, 8, "count")
    place = start + 16
    while place + 16 <= part.end:
        index = reader.field(part, "index", place, 2, "count")
        reader.field(part, "reference count", place + 2, 2, "count")
        size = reader.field(part, "object size", place + 8, 8, "count")
        if index == 0:  # free space
            break
        place += 16 + (size + 7) // 8 * 8


def _fractal_heap(reader: Reader, start: int, parent: int, go: Go) -> None:
    part = reader.part("fractal heap", start, start + 146, parent)
    found = reader.table(part, start + 4, FRACTAL_HEAP)
    reader.sealed(start, found["end"])
    go(found["free-space manager"])
    go(found["root block"])


def _free_space(reader: Reader, start: int, parent: int, go: Go) -> None:
    part = reader.part("free-space manager", start, start + 82, parent)
    reader.sealed(start, reader.table(part, start + 4, FREE_SPACE)["end"])


def _direct_block(reader: Reader, start: int, parent: int, go: Go) -> None:
    size = reader.number(parent + 112, 8) if reader.content[parent : parent + 4] == b"FRHP" else 512
    part = reader.part("direct block", start, start + size, parent)
    wide = (reader.number(parent + 128, 2) + 7) // 8
    reader.field(part, "version", start + 4, 1, "code")
    reader.field(part, "heap header", start + 5, 8, "address")
    reader.field(part, "block offset", start + 13, wide, "count")
    reader.seals.append((start, start + size, start + 13 + wide))


def _tree_2(reader: Reader, start: int, parent: int, go: Go) -> None:
    part = reader.part("tree of version 2", start, start + 38, parent)
    found = reader.table(part, start + 4, TREE_2)
    reader.sealed(start, found["end"])
    go(found["root node"])


def _leaf(reader: Reader, start: int, parent: int, go: Go) -> None:
    size, count = reader.number(parent + 10, 2), reader.number(parent + 24, 2)
    part = reader.part("leaf of version 2", start, start + 10 + size * count, parent)
    reader.field(part, "version", start + 4, 1, "code")
    kind = reader.field(part, "type", start + 5, 1, "code")
    at = {5: 4, 8: 0}.get(kind)  # of a link or an attribute by its name: where in a record its heap ID stands
    for number in range(count if at is not None else 0):
        place = start + 6 + size * number + (at or 0)
        reader.field(part, "heap ID's version", place, 1, "code")
        reader.field(part, "offset in the heap", place + 1, 4, "count")
        reader.field(part, "length in the heap", place + 5, 2, "count")
    reader.sealed(start, start + 6 + size * count)


READERS: Final[dict[bytes, Callable[[Reader, int, int, Go], None]]] = {
    **{b"TREE": _tree, b"SNOD": _symbols, b"HEAP": _heap, b"GCOL": _collection, b"FRHP": _fractal_heap},
    **{b"FSHD": _free_space, b"FHDB": _direct_block, b"BTHD": _tree_2, b"BTLF": _leaf},
}
