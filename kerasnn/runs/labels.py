"""The name and the tags that a user gives to a run."""

from collections.abc import Iterable

from kerasnn.errors import UsageError, composed, spelled
from kerasnn.language import _
from kerasnn.lecture.stages import STAGE_BY_NAME
from kerasnn.runs.latest import LATEST

LONGEST_LABEL = 60
TOUR = "tour"  # the tag of the runs of the tour, which a list keeps apart


def checked_name(name: str) -> str:
    """Return `name`, composed, if it can stand for a run wherever its id can, and nothing else. Raises: UsageError."""
    name = _checked("--name", name)
    if name == LATEST or spelled(name, STAGE_BY_NAME):
        raise UsageError(_("--name is '{name}', which already means a model", name=name), expected=_("another name"))
    return name


def checked_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Return `tags` composed and without repetitions. Raises: UsageError if one is unsuitable."""
    return tuple(dict.fromkeys(_checked("--tag", tag) for tag in tags))


def _checked(flag: str, label: str) -> str:
    label = composed(label)
    unsuitable = not label or len(label) > LONGEST_LABEL or not label.isprintable() or label.strip() != label
    if unsuitable or label.startswith(("-", ".", "~")) or set(label) & set("/\\,:"):
        raise UsageError(
            _("{flag} is '{value}'", flag=flag, value=label),
            expected=_(
                "1 to {most} characters, none of them / \\ , or :, and no - . or ~ at the start, such as wide-2",
                most=LONGEST_LABEL,
            ),
        )
    return label
