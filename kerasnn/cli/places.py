"""The places that a command is told to write to, checked before any work: nothing of the user's is replaced."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Final

from kerasnn.cli.options import Pictures
from kerasnn.errors import UsageError
from kerasnn.files.atomic import check_place, is_replaceable
from kerasnn.files.owned import DRAWN_BY, check_picture, command_for, drawn_for
from kerasnn.language import _

# parameters that name what is written after the work, with their flags; --runs and --out of studies are checked there
WRITTEN: Final[Mapping[str, str]] = {
    "plots": "--plots",
    "file": "--out",
    "csv": "--csv",
    "tensorboard": "--tensorboard",
}
FOLDERS: Final = ("plots", "tensorboard")
# what each command draws in the folder --plots; weights and draw work out the name themselves, which takes no time
DRAWN: Final[Mapping[str, tuple[str, ...]]] = {
    "evaluate": ("confusion", "mistakes"),
    "predict": ("prediction-[0-9]*-*",),
    "data show": ("contact-sheet",),
    "race": ("race",),
    "runs compare": ("runs",),
    "explain": ("{topic}-*",),
}
OF_A_MODEL: Final = ("evaluate", "predict", "explain")  # their pictures have the same names for every model
SUFFIXES: Final = (".png", ".svg")


def check_places(command: str, values: Mapping[str, Any]) -> None:
    """Raise EnvironmentFault if `command` could not write where it is told to.

    Raise UsageError if one of its pictures would replace something that kerasnn did not draw. `values`: of the
    parameters of the command.
    """
    _check_pictures(command, values)
    every = dict(values)
    for group in filter(is_dataclass, values.values()):
        every |= {each.name: getattr(group, each.name) for each in fields(group)}
    for name, flag in WRITTEN.items():
        path, is_folder = every.get(name), name in FOLDERS
        if isinstance(path, Path) and (is_folder or is_replaceable(path)):  # else its command says what is there
            check_place(path, is_folder=is_folder, hint=_("name another place with {flag}", flag=flag))


def _check_pictures(command: str, values: Mapping[str, Any]) -> None:
    drawn_for.set(DRAWN_BY)
    pictures = values.get("pictures")
    folder = pictures.plots if isinstance(pictures, Pictures) else values.get("plots")
    force = pictures.force if isinstance(pictures, Pictures) else bool(values.get("force"))
    if folder is None:
        return
    if (folder.exists() or folder.is_symlink()) and not folder.is_dir():
        raise UsageError(_("--plots names {path}, which is not a folder", path=folder), expected=_("a folder"))
    topic = _topic(values["topic"]) if values.get("topic") else None
    drawn_for.set(_command(command, values, topic))
    for pattern in DRAWN.get(command, ()):
        for path in _named_so(folder, pattern.format(topic=topic)):
            check_picture(path, force=force)


def _command(command: str, values: Mapping[str, Any], topic: str | None) -> str:
    """Return the command that the pictures will name as theirs, with the run that `latest` stands for."""
    if command not in OF_A_MODEL:
        return DRAWN_BY
    from kerasnn.runs.find_model import find_model  # imports NumPy

    model, opening = values.get("model") or getattr(values.get("chosen"), "name", None), values.get("opening")
    found = find_model(model, opening.out if opening else values["out"]).name if model else topic or ""
    return command_for(command, [found])


def _topic(name: str) -> str:
    from kerasnn.lessons.topics import find_topic  # imports NumPy

    return find_topic(name).name


def _named_so(folder: Path, stem: str) -> list[Path]:
    return [path for suffix in SUFFIXES for path in sorted(folder.glob(f"{stem}{suffix}"))]
