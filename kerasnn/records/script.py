"""A training as a standalone script."""

from dataclasses import dataclass, field
from typing import Literal

from kerasnn.records.serialize import LEFT_OUT

Framework = Literal["keras", "pytorch", "sklearn"]


@dataclass(frozen=True)
class ScriptCell:
    """A piece of a script: an introductory sentence and code, two cells in a notebook."""

    text: str
    code: str


@dataclass(frozen=True)
class Script:
    """A training as a standalone program. `name`: the stage or run it repeats; `engine`: the kerasnn engine it mirrors.

    `source`: the whole script. `notes`: why its results may differ from the run's. `packages`: its imports.
    `data_file`: a file that has to lie beside the script, for data drawn by kerasnn; else None.
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
