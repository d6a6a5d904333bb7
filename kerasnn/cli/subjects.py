"""What a command is about: a stage, a model or data, as the first argument or as a flag.

A command has these flags as it has those of `options`: by a parameter of the type.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from kerasnn.cli.options import (
    DATASET_HELP,
    SAME_HELP,
    DataDirOption,
    ModelOption,
    OptionalModelArgument,
    StageArgument,
    StageOption,
)
from kerasnn.errors import UsageError, folded
from kerasnn.language import N_, _
from kerasnn.lecture.stages import STAGE_BY_NAME


@dataclass(frozen=True)
class StageChoice:
    """The stage that a command is about: the first argument, or --stage."""

    first: StageArgument = None
    stage: StageOption = None

    @property
    def name(self) -> str | None:
        return one_name(self.first, "--stage", self.stage)

    def required(self, example: str) -> str:
        """Return the name. Raises: UsageError if none is given; `example` is a command that has one."""
        if self.name is not None:
            return self.name
        names = ", ".join(STAGE_BY_NAME)
        raise UsageError(_("a stage is missing"), expected=_("one of {names}", names=names), hint=example)


@dataclass(frozen=True)
class ModelChoice:
    """The model that a command is about, if any: an argument, or --model."""

    first: OptionalModelArgument = None
    model: ModelOption = None

    @property
    def name(self) -> str | None:
        return one_name(self.first, "--model", self.model)


@dataclass(frozen=True)
class DataChoice:
    """The data that a command is about: an argument, or --dataset."""

    first: Annotated[str | None, typer.Argument(metavar="DATASET", help=DATASET_HELP)] = None
    dataset: Annotated[str | None, typer.Option(metavar="DATASET", help=SAME_HELP)] = None
    data_dir: DataDirOption = None

    @property
    def name(self) -> str | None:
        return one_name(self.first, "--dataset", self.dataset)


_FILE_HELP = N_("The .npz file or the folder to write; default: in this folder, called like the data.")


@dataclass(frozen=True)
class Conversion:
    """The data to convert and the file to write: two arguments, or --dataset and --out."""

    first: Annotated[str | None, typer.Argument(metavar="DATASET", help=DATASET_HELP)] = None
    second: Annotated[Path | None, typer.Argument(metavar="FILE", help=_FILE_HELP)] = None
    dataset: Annotated[str | None, typer.Option(metavar="DATASET", help=SAME_HELP)] = None
    file: Annotated[Path | None, typer.Option("--out", metavar="FILE", help=SAME_HELP)] = None

    @property
    def source(self) -> str:
        """The data. Raises: UsageError if none are given."""
        found = one_name(self.first, "--dataset", self.dataset)
        if found is None:
            raise UsageError(
                _("the data to convert are missing"), hint=_("kerasnn data convert my-pictures my-pictures.npz")
            )
        return found

    @property
    def target(self) -> str | None:
        given = (None if each is None else str(each) for each in (self.second, self.file))
        return one_name(next(given), "--out", next(given))


def one_name(first: str | None, flag: str, value: str | None) -> str | None:
    """Return what is named by the first argument or by `flag`. Raises: UsageError if these differ."""
    if first is not None and value is not None and folded(first) != folded(value):
        raise UsageError(
            _("'{first}' and {flag} '{value}' are both given", first=first, flag=flag, value=value),
            expected=_("one of the two"),
            hint=_("leave out {flag}", flag=flag),
        )
    return value if first is None else first
