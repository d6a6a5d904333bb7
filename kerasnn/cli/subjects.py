"""What a command is about: a stage or a model, as the first argument or as a flag.

A command has these flags as it has those of `options`: by a parameter of the type.
"""

from dataclasses import dataclass

from kerasnn.cli.options import ModelOption, OptionalModelArgument, StageArgument, StageOption
from kerasnn.errors import UsageError, folded
from kerasnn.language import _
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


def one_name(first: str | None, flag: str, value: str | None) -> str | None:
    """Return what is named by the first argument or by `flag`. Raises: UsageError if these differ."""
    if first is not None and value is not None and folded(first) != folded(value):
        raise UsageError(
            _("'{first}' and {flag} '{value}' are both given", first=first, flag=flag, value=value),
            expected=_("one of the two"),
            hint=_("leave out {flag}", flag=flag),
        )
    return value if first is None else first
