"""An idea of the lecture, worked out: sentences, tables, checked identities, pictures as data, a question.

Terminal, figure, page and JSON are views of these. Sentences, titles and headings are in the language spoken;
`name`, `kind` and all keys stay the same in every language.
"""

from dataclasses import dataclass
from typing import Literal

from kerasnn.records.diagram import Diagram

Cell = str | int | float | None
Values = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class TopicRow:
    """One line of `kerasnn explain`. `model`: the stage whose reference model it is worked out on, where on one."""

    topic: str
    title: str
    statement: str
    model: str | None


@dataclass(frozen=True)
class Grid:
    """A small table. `digits`: behind the point of its real numbers."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    digits: int = 4
    note: str | None = None


@dataclass(frozen=True)
class Check:
    """`left` and `right` should be the same numbers, `compared` many, and differ by `difference` at the most.

    `left_value`, `right_value`: where it is one number. `holds`: `difference` is not above `tolerance`.
    """

    name: str
    left: str
    right: str
    left_value: float | None
    right_value: float | None
    compared: int
    difference: float
    tolerance: float
    holds: bool


@dataclass(frozen=True)
class Tile:
    """One image: rows of values, and what stands above it."""

    title: str
    values: Values


@dataclass(frozen=True)
class ImagesPicture:
    """Images side by side. `scale`: `grey`, black to white from `low` to `high`; `signed`, about 0, from -high to high.

    `across`: how many stand in a row where there is room.
    """

    name: str
    title: str
    tiles: tuple[Tile, ...]
    scale: Literal["grey", "signed"]
    low: float
    high: float
    across: int = 5
    kind: Literal["images"] = "images"


@dataclass(frozen=True)
class Series:
    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]


@dataclass(frozen=True)
class LinesPicture:
    """Curves over one axis. `marked`: a place on the x axis to point at. `paths`: x need not ascend."""

    name: str
    title: str
    x_label: str
    y_label: str
    series: tuple[Series, ...]
    marked: float | None = None
    paths: bool = False
    kind: Literal["lines"] = "lines"


@dataclass(frozen=True)
class BarsPicture:
    """One bar a label, drawn from 0; `highlighted`: places of the bars that matter."""

    name: str
    title: str
    labels: tuple[str, ...]
    values: tuple[float, ...]
    highlighted: tuple[int, ...] = ()
    digits: int = 4
    kind: Literal["bars"] = "bars"


@dataclass(frozen=True)
class NetworkPicture:
    """A network as circles and lines. `details`: with biases and activations, which drawings often leave out."""

    name: str
    title: str
    diagram: Diagram
    details: bool
    kind: Literal["network"] = "network"


Drawing = ImagesPicture | LinesPicture | BarsPicture | NetworkPicture


@dataclass(frozen=True)
class Section:
    """One step of an explanation, shown in the order of the fields."""

    title: str
    sentences: tuple[str, ...] = ()
    grids: tuple[Grid, ...] = ()
    checks: tuple[Check, ...] = ()
    pictures: tuple[Drawing, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class WorkedImage:
    """The image an explanation is worked out on. `label`: its true class; `stand_in`: drawn by the program."""

    index: int
    label: int
    name: str
    dataset: str
    stand_in: bool


@dataclass(frozen=True)
class Explanation:
    """A topic of the lecture worked out. `statement`: what the slide says. `model`: as it was named, where one is used.

    `holds`: every check in it does.
    """

    topic: str
    title: str
    statement: str
    language: str
    model: str | None
    image: WorkedImage | None
    sections: tuple[Section, ...]
    question: str
    answer: str
    holds: bool
    notes: tuple[str, ...] = ()
