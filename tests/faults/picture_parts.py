"""The segments of a JPEG and the chunks of a PNG, with the numbers in them; and files with these in other orders."""

import struct
import zlib
from collections.abc import Callable, Sequence
from random import Random
from typing import Final

from tests.faults.structures import Field, Kind, Layout, Mutation, Part

Piece = tuple[bytes, bytes]  # of a JPEG: a marker and what follows up to the next; of a PNG: a type and its data
Pieces = list[Piece]
PNG: Final = b"\x89PNG\r\n\x1a\n"
ALONE: Final = frozenset({0x01, *range(0xD0, 0xDA)})  # markers without a length
SCAN: Final = b"\xff\xda"
MANY: Final = (2, 3, 50, 101, 3_000)
BOMB: Final = 200 << 20  # bytes, which deflate packs into 200 kB
HEADER: Final = (("width", 4, "count"), ("height", 4, "count"), ("depth", 1, "code"), ("colour type", 1, "code"))
FRAME: Final = (
    *(("sequence", 4, "count"), ("frame width", 4, "count"), ("frame height", 4, "count"), ("left", 4, "count")),
    *(("top", 4, "count"), ("delay", 2, "count"), ("parts of a second", 2, "count"), ("disposal", 1, "code")),
)
CHUNKS: Final[dict[bytes, tuple[tuple[str, int, Kind], ...]]] = {
    b"IHDR": (*HEADER, ("compression", 1, "code"), ("filter", 1, "code"), ("interlace", 1, "code")),
    b"acTL": (("frames", 4, "count"), ("plays", 4, "count")),
    b"fcTL": (*FRAME, ("blending", 1, "code")),
    b"fdAT": (("sequence", 4, "count"), ("zlib header", 2, "code")),
    b"IDAT": (("zlib header", 2, "code"), ("first block", 1, "code"), ("block length", 2, "count")),
    b"PLTE": (("red", 1, "count"),),
    b"tRNS": (("transparent", 2, "count"),),
    b"gAMA": (("gamma", 4, "count"),),
    b"pHYs": (("across", 4, "count"), ("down", 4, "count"), ("unit", 1, "code")),
}


def pieces_of_jpeg(content: bytes) -> Pieces:
    """Every marker with its segment; the data of a scan belong to its header."""
    pieces, place = [], 0
    while place + 2 <= len(content):
        marker = content[place : place + 2]
        end = place + 2 if marker[1] in ALONE else place + 2 + int.from_bytes(content[place + 2 : place + 4])
        while marker == SCAN and end < len(content) and not _ends_scan(content, end):
            end += 1
        pieces.append((marker, content[place + 2 : end]))
        place = end
    return pieces


def _ends_scan(content: bytes, place: int) -> bool:
    """0xFF is followed by 0 where it is data, and by D0 to D7 where decoding starts afresh."""
    return content[place] == 0xFF and content[place + 1 : place + 2] not in (
        b"\0",
        *map(bytes, ([n] for n in range(0xD0, 0xD8))),
    )


def joined_jpeg(pieces: Sequence[Piece]) -> bytes:
    return b"".join(marker + rest for marker, rest in pieces)


def layout_of_jpeg(content: bytes) -> Layout:
    layout, place = Layout("big"), 0
    for marker, rest in pieces_of_jpeg(content):
        part = Part(f"segment {marker.hex()}", place, place + 2 + len(rest))
        layout.parts.append(part)
        layout.fields.append(Field(part, "marker", place + 1, 1, "code"))
        if rest:
            layout.fields.append(Field(part, "length", place + 2, 2, "count"))
        layout.fields += [
            Field(part, name, place + 4 + at, size, kind) for name, at, size, kind in _within(marker[1], rest[2:])
        ]
        place = part.end
    return layout


def _within(marker: int, data: bytes) -> list[tuple[str, int, int, Kind]]:
    """Name, place, size and kind of the numbers in a segment whose `data` follow its length."""
    found: list[tuple[str, int, int, Kind]] = []
    match marker:
        case 0xC0 | 0xC1 | 0xC2:
            found += [
                ("precision", 0, 1, "code"),
                ("height", 1, 2, "count"),
                ("width", 3, 2, "count"),
                ("components", 5, 1, "count"),
            ]
            for number in range(data[5]):
                place = 6 + 3 * number
                found += [
                    ("component", place, 1, "code"),
                    ("sampling", place + 1, 1, "code"),
                    ("table", place + 2, 1, "code"),
                ]
        case 0xDA:
            end = 1 + 2 * data[0]
            found += [("components of a scan", 0, 1, "count"), ("first coefficient", end, 1, "count")]
            found += [("last coefficient", end + 1, 1, "count"), ("approximation", end + 2, 1, "code")]
            found += [("Huffman tables", 2 + 2 * number, 1, "code") for number in range(data[0])]
            found += [("data", end + 3 + step, 2, "code") for step in (0, 8) if end + 5 + step <= len(data)]
        case 0xC4:
            found += [("class", 0, 1, "code"), *(("codes of a length", 1 + length, 1, "count") for length in range(16))]
            found += [("symbol", 17, 1, "code")]
        case 0xDB:
            found += [
                ("precision of a table", 0, 1, "code"),
                ("quantum", 1, 1, "count"),
                ("last quantum", 64, 1, "count"),
            ]
        case 0xDD:
            found += [("restart interval", 0, 2, "count")]
        case 0xE1:
            found += [(f"byte {place} of Exif", place, 4, "count") for place in range(6, len(data) - 4, 4)]
        case _:
            found += [("first byte", 0, 1, "code")] if data else []
    return found


def pieces_of_png(content: bytes) -> Pieces:
    pieces, place = [], len(PNG)
    while place < len(content):
        length = int.from_bytes(content[place : place + 4])
        pieces.append((content[place + 4 : place + 8], content[place + 8 : place + 8 + length]))
        place += 12 + length
    return pieces


def joined_png(pieces: Sequence[Piece]) -> bytes:
    packed = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in pieces
    )
    return PNG + b"".join(packed)


def layout_of_png(content: bytes) -> Layout:
    """The fields of all chunks, and their types and lengths; the checksum of a chunk is right after its change."""
    layout, place = Layout("big"), len(PNG)
    for kind, data in pieces_of_png(content):
        part = Part(f"chunk {kind.decode()}", place, place + 12 + len(data))
        layout.parts.append(part)
        layout.fields += [Field(part, "length", place, 4, "count"), Field(part, "type", place + 4, 4, "code")]
        at = place + 8
        for name, size, meaning in CHUNKS.get(kind, ()):
            if at + size <= part.end - 4:
                layout.fields.append(Field(part, name, at, size, meaning))
            at += size
        place = part.end
    layout.seal = lambda changed, places: _seal_png(changed, layout.parts, places)
    return layout


def _seal_png(content: bytearray, parts: Sequence[Part], places: Sequence[int]) -> None:
    for part in parts:
        if any(part.start <= place < part.end for place in places):
            content[part.end - 4 : part.end] = struct.pack(">I", zlib.crc32(content[part.start + 4 : part.end - 4]))


def rearranged(name: str, pieces: Pieces, join: Callable[[Sequence[Piece]], bytes], random: Random) -> Mutation:
    """Pieces doubled, left out, exchanged, emptied or cut; a scan or a chunk may come thousands of times."""
    chosen, other = random.randrange(len(pieces)), random.randrange(len(pieces))
    kind, rest = pieces[chosen]
    many = random.choice(MANY)
    ways: dict[str, Callable[[], Pieces]] = {
        f"{many} times": lambda: pieces[:chosen] + pieces[chosen : chosen + 1] * many + pieces[chosen + 1 :],
        "left out": lambda: pieces[:chosen] + pieces[chosen + 1 :],
        f"in front of piece {other}": lambda: _moved(pieces, chosen, other),
        "cut short": lambda: [*pieces[:chosen], (kind, rest[: random.randrange(len(rest) + 1)]), *pieces[chosen + 1 :]],
        "the last one": lambda: pieces[: chosen + 1],
        "with 1,000,000 bytes more": lambda: [
            *pieces[:chosen],
            (kind, rest + bytes(1_000_000)),
            *pieces[chosen + 1 :],
        ],
        f"with the content of piece {other}": lambda: [
            *pieces[:chosen],
            (kind, pieces[other][1]),
            *pieces[chosen + 1 :],
        ],
    }
    way = random.choice(list(ways))
    return Mutation(f"{name}: piece {chosen}, {kind!r}, {way}", join(ways[way]()))


def _moved(pieces: Pieces, chosen: int, other: int) -> Pieces:
    rest = pieces[:chosen] + pieces[chosen + 1 :]
    return [*rest[:other], pieces[chosen], *rest[other:]]


def bombs(pieces: Pieces) -> list[tuple[str, bytes]]:
    """PNGs whose texts, profiles, pixels or frames unpack to far more than they take."""
    packed = zlib.compress(bytes(BOMB), 9)
    texts = {"zTXt": b"a\0\0" + packed, "iCCP": b"a\0\0" + packed, "iTXt": b"a\0\1\0\0\0" + packed}
    first, *rest = pieces
    some = [(f"a {kind} of 200 MB", [first, (kind.encode(), data), *rest]) for kind, data in texts.items()]
    some += [(f"50 {kind} of 200 MB", [first, *[(kind.encode(), data)] * 50, *rest]) for kind, data in texts.items()]
    some.append(("pixels of 200 MB", [first, (b"IDAT", packed), (b"IEND", b"")]))
    wide = struct.pack(">II", 50_000, 1_000) + first[1][8:]
    some.append(("50,000 x 1,000 pixels of nothing", [(b"IHDR", wide), (b"IDAT", packed), (b"IEND", b"")]))
    some.append(("100,000 empty IDAT", [first, *[(b"IDAT", b"")] * 100_000, *rest]))
    return [(name, joined_png(chunks)) for name, chunks in some]
