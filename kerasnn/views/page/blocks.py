"""What a page is made of; the template draws each kind in its one way."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Paragraph:
    """`kind`: `lead` opens a section, `note` stands beside the matter, `good` and `bad` are verdicts."""

    text: str
    kind: Literal["plain", "lead", "note", "good", "bad"] = "plain"


@dataclass(frozen=True)
class Listing:
    items: tuple[str, ...]


@dataclass(frozen=True)
class Code:
    """Lines to be typed or read as they are."""

    text: str


@dataclass(frozen=True)
class Facts:
    """Names and their values, a line each."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """The first cell of a row names it. `numbers`: which columns hold numbers and stand to the right.

    `folded`: only its caption is seen until it is asked for.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()
    note: str = ""
    folded: bool = False


@dataclass(frozen=True)
class Highlights:
    """A few figures to be read at first sight, each with what it is."""

    figures: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Picture:
    """`source`: a data: address. `description`: what it shows, for those who cannot see it. `wide`: needs the room."""

    source: str
    description: str
    caption: str = ""
    wide: bool = True


@dataclass(frozen=True)
class Question:
    """A question whose answer stays hidden until it is asked for."""

    text: str
    answer: str


Block = Paragraph | Listing | Code | Facts | Table | Highlights | Picture | Question


@dataclass(frozen=True)
class Part:
    """A section of the page: `anchor` is its address within the page; `parts` lie below it."""

    anchor: str
    title: str
    blocks: tuple[Block, ...] = ()
    parts: tuple["Part", ...] = ()


@dataclass(frozen=True)
class Page:
    """`what`: which training it shows, below the title."""

    language: str
    title: str
    subtitle: str
    what: str
    parts: tuple[Part, ...]
    contents: str
    footer: str
