"""A training written down as code that anyone can run."""

from dataclasses import dataclass, field
from typing import Literal

from kerasnn.records.serialize import LEFT_OUT

Framework = Literal["keras", "pytorch", "sklearn"]


@dataclass(frozen=True)
class ScriptCell:
    """A piece of a script: the sentence that introduces it, and its code. A notebook shows them one below the other."""

    text: str
    code: str


@dataclass(frozen=True)
class Script:
    """A training as a program of its own. `name`: the stage or run it repeats; `engine`: which of ours it mirrors.

    `source`: the whole script. `notes`: where its figures may differ from the run's. `packages`: what it imports.
    `data_file`: a file it reads that has to lie beside it, where the data were drawn by kerasnn.
    """

    name: str
    stage: str
    framework: Framework
    engine: str
    packages: tuple[str, ...]
    notes: tuple[str, ...]
    data_file: str | None
    source: str
    heading: str = field(metadata=LEFT_OUT, repr=False)
    cells: tuple[ScriptCell, ...] = field(metadata=LEFT_OUT, repr=False)
