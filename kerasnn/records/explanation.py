"""A worked explanation of a topic: sentences, tables, checked identities, pictures as data, a question.

Terminal, figure, page and JSON show these records. Sentences, titles and headings are in the current language;
`name`, `kind` and all keys are the same in every language.
"""

from dataclasses import dataclass
from typing import Literal

from kerasnn.records.networks import Diagram
from kerasnn.records.shown import Shown

Cell = str | int | float | None
Values = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class TopicRow(Shown, brief=("topic", "title")):
    """One line of `kerasnn explain`. `model`: the stage whose reference model is used; None if none is."""

    topic: str
    title: str
    statement: str
    model: str | None


@dataclass(frozen=True)
class Grid(Shown, brief=("title", "columns", "rows")):
    """A small table. `digits`: decimal places of its real numbers."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    digits: int = 4
    note: str | None = None


@dataclass(frozen=True)
class Check:
    """An identity `left` = `right` checked on `compared` numbers; `difference`: the largest absolute difference.

    `left_value`, `right_value`: set if a single number is compared. `holds`: `difference` <= `tolerance`.
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
class Tile(Shown, brief=("title", "values")):
    """One image as rows of values, and the title above it."""

    title: str
    values: Values


@dataclass(frozen=True)
class ImagesPicture(Shown, brief=("name", "tiles")):
    """Images side by side. `scale`: `grey`, black to white from `low` to `high`; `signed`, -`high` to `high` around 0.

    `across`: images in a row, if there is room.
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
class Series(Shown, brief=("name", "x")):
    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]


@dataclass(frozen=True)
class LinesPicture(Shown, brief=("name", "series")):
    """Curves over one axis. `marked`: a value on the x axis to mark. `paths`: x need not be ascending."""

    name: str
    title: str
    x_label: str
    y_label: str
    series: tuple[Series, ...]
    marked: float | None = None
    paths: bool = False
    kind: Literal["lines"] = "lines"


@dataclass(frozen=True)
class BarsPicture(Shown, brief=("name", "labels")):
    """One bar per label, drawn from 0; `highlighted`: indices of the bars to emphasize."""

    name: str
    title: str
    labels: tuple[str, ...]
    values: tuple[float, ...]
    highlighted: tuple[int, ...] = ()
    digits: int = 4
    kind: Literal["bars"] = "bars"


@dataclass(frozen=True)
class NetworkPicture(Shown, brief=("name", "diagram")):
    """A network as circles and lines. `details`: also draw biases and activations."""

    name: str
    title: str
    diagram: Diagram
    details: bool
    kind: Literal["network"] = "network"


Drawing = ImagesPicture | LinesPicture | BarsPicture | NetworkPicture


@dataclass(frozen=True)
class Section(Shown, brief=("title", "sentences", "grids", "checks", "pictures")):
    """One step of an explanation, shown in the order of the fields."""

    title: str
    sentences: tuple[str, ...] = ()
    grids: tuple[Grid, ...] = ()
    checks: tuple[Check, ...] = ()
    pictures: tuple[Drawing, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class WorkedImage:
    """The test image used in an explanation. `label`: its true class; `stand_in`: drawn by kerasnn."""

    index: int
    label: int
    name: str
    dataset: str
    stand_in: bool


@dataclass(frozen=True)
class Explanation(Shown, brief=("topic", "model", "holds", "sections")):
    """A worked explanation. `statement`: what the slide says. `model`: as the user named it; None if none is used.

    `holds`: all checks hold.
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
