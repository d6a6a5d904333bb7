"""The blocks of a page; the template renders each kind."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Paragraph:
    """`kind`: `lead` opens a section, `note` is a remark, `good` and `bad` are verdicts."""

    text: str
    kind: Literal["plain", "lead", "note", "good", "bad"] = "plain"


@dataclass(frozen=True)
class Listing:
    items: tuple[str, ...]


@dataclass(frozen=True)
class Code:
    """Preformatted lines, such as commands."""

    text: str


@dataclass(frozen=True)
class Facts:
    """Pairs of name and value, one per line."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """A table whose first column names the rows. `numbers`: indices of the right-aligned columns.

    `folded`: collapsed to its caption until the reader opens it.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()
    note: str = ""
    folded: bool = False


@dataclass(frozen=True)
class Highlights:
    """A few large numbers at the top, as pairs of number and name."""

    metrics: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Picture:
    """`source`: a data: URL. `description`: alternative text. `wide`: takes the full width of the page."""

    source: str
    description: str
    caption: str = ""
    wide: bool = True


@dataclass(frozen=True)
class Question:
    """A question whose answer is hidden until the reader opens it."""

    text: str
    answer: str


Block = Paragraph | Listing | Code | Facts | Table | Highlights | Picture | Question


@dataclass(frozen=True)
class Part:
    """A section of the page. `anchor`: its id in HTML; `parts`: its subsections."""

    anchor: str
    title: str
    blocks: tuple[Block, ...] = ()
    parts: tuple["Part", ...] = ()


@dataclass(frozen=True)
class Page:
    """A whole page. `what`: the training it shows, written below the title."""

    language: str
    title: str
    subtitle: str
    what: str
    parts: tuple[Part, ...]
    contents: str
    footer: str
