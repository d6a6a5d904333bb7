"""Mutations that know a format: its fields are set, one or two at a time, to the values that readers trip over."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from random import Random
from typing import Final, Literal

Kind = Literal["address", "count", "code"]
SECOND_FIELD: Final = 0.2  # of the mutations set two fields


@dataclass(frozen=True)
class Part:
    """A structure in a file: bytes `start` to `end`; `parent`: where the structure lies that leads to it."""

    kind: str
    start: int
    end: int
    parent: int = 0


@dataclass(frozen=True)
class Field:
    """A number of `size` bytes at `offset`. `code`: a version, type or flag; the others are what they are called."""

    part: Part
    name: str
    offset: int
    size: int
    kind: Kind


@dataclass
class Layout:
    """What a parser found. `order`: of the bytes of a number. `seal`: makes the checksums over
    changed places agree again."""

    order: Literal["little", "big"]
    parts: list[Part] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    seal: Callable[[bytearray, Sequence[int]], None] = lambda content, places: None

    def read(self, content: bytes, place: Field) -> int:
        return int.from_bytes(content[place.offset : place.offset + place.size], self.order)


@dataclass(frozen=True)
class Mutation:
    """`name`: what was changed, for whoever looks at a loss."""

    name: str
    content: bytes


def mutations(content: bytes, layout: Layout, random: Random) -> Iterator[Mutation]:
    """Every odd value of every field, in an order by chance in which each sort of field comes early; none twice."""
    sorts: dict[tuple[str, str], list[tuple[Field, int]]] = {}
    for place in layout.fields:
        now = layout.read(content, place)
        pairs = sorts.setdefault((place.part.kind, place.name), [])
        pairs += [(place, value) for value in odd_values(place, now, layout, len(content))]
    queues = list(sorts.values())
    for queue in queues:
        random.shuffle(queue)
    random.shuffle(queues)
    made = {content}
    for round_ in zip_longest(*queues):
        for pair in filter(None, round_):
            pairs = [pair]
            if random.random() < SECOND_FIELD:
                pairs.append(random.choice(random.choice(queues)))
            mutated = _with(content, layout, pairs)
            if mutated not in made:
                made.add(mutated)
                yield Mutation("; ".join(_told(layout, content, *each) for each in pairs), mutated)


def odd_values(place: Field, now: int, layout: Layout, length: int) -> set[int]:
    """The values to try for a field that is `now`, in a file of `length` bytes; never `now` itself."""
    bits = 8 * place.size
    largest = (1 << bits) - 1
    values = {0, 1, now - 1, now + 1, largest, largest >> 1, 1 << (bits - 1), largest - 1, now ^ (1 << bits - 1)}
    if place.kind == "address":
        values |= {
            place.part.start,
            place.part.parent,
            length,
            length - 1,
            length + 8,
            now + 8,
            now - 8,
            1 << (bits - 4),
        }
        values |= _others(place.part, layout.parts)
    elif place.kind == "count":
        values |= {2 * now, now // 2, now + 8, length, length - place.offset, 1 << (bits // 2)}
    else:
        values |= {now ^ (1 << bit) for bit in range(min(bits, 8))} | {2, 3, 4, 5}
    return {value for value in values if 0 <= value <= largest and value != now}


def _others(own: Part, parts: Sequence[Part]) -> set[int]:
    """Where the neighbours of the same kind lie, and the first structure of every other kind."""
    same = [part.start for part in parts if part.kind == own.kind]
    place = same.index(own.start) if own.start in same else 0
    firsts = {part.kind: part.start for part in reversed(parts)}
    return {*same[max(0, place - 1) : place + 2], *firsts.values()}


def _with(content: bytes, layout: Layout, pairs: list[tuple[Field, int]]) -> bytes:
    changed = bytearray(content)
    for place, value in pairs:
        changed[place.offset : place.offset + place.size] = value.to_bytes(place.size, layout.order)
    layout.seal(changed, [place.offset for place, _ in pairs])
    return bytes(changed)


def _told(layout: Layout, content: bytes, place: Field, value: int) -> str:
    now = layout.read(content, place)
    return f"{place.part.kind} at {place.part.start}: {place.name} (byte {place.offset}) {now} -> {value}"
