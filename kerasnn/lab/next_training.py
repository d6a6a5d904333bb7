"""A command to train, as `next_command` gives it, taken apart into what the page can set."""

import shlex
from pathlib import Path
from typing import Any

from kerasnn.lecture.hyperparameters import SETTABLE
from kerasnn.lecture.settings import parse_setting
from kerasnn.lecture.stages import STAGE_BY_NAME


def next_training(command: str) -> dict[str, Any] | None:
    """Return the stage and overrides of `command`, or the run that it continues; None if it does not train."""
    words = shlex.split(command)
    if words[:3] == ["kerasnn", "train", "--resume"]:
        more = int(words[5]) if words[4:5] == ["--more-epochs"] else 0
        return {"resume": Path(words[3]).name, "more_epochs": more}  # of a run in another folder than runs/, the path
    if words[:2] != ["kerasnn", "train"] or len(words) < 3 or words[2] not in STAGE_BY_NAME:
        return None
    rest, flags = words[3:], {row.flag: row for row in SETTABLE.values()}
    overrides: dict[str, Any] = {}
    while rest:
        row = flags.get(rest[0].replace("--no-", "--"))
        if row is not None and row.kind is bool:
            overrides[row.name] = not rest.pop(0).startswith("--no-")
        elif row is not None and len(rest) > 1:
            name, value = parse_setting(*rest[:2])
            overrides[name] = (*overrides.get(name, ()), *value) if row.most else value
            rest = rest[2:]
        else:  # --dataset and the like, which the lab has set already
            rest = rest[2:]
    return {"stage": words[2], "overrides": overrides}
