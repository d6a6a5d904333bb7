"""Write what Tab completes, from the commands: `python -m tests.completion_table kerasnn/cli/completion.json`."""

import json
import sys
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_origin

import typer

from kerasnn.cli.app import app
from kerasnn.cli.registry import DOES, NAMES, load
from kerasnn.data.load import KNOWN
from kerasnn.files.atomic import write_text
from kerasnn.lecture.claims import CLAIMS
from kerasnn.lecture.hyperparameters import SETTABLE
from kerasnn.lecture.optimizers import CONTENDERS
from kerasnn.lecture.stages import STAGE_BY_NAME
from kerasnn.lecture.topics import TOPICS
from kerasnn.networks.backend import BACKENDS
from kerasnn.runs.listing import SORTS, STATUSES
from kerasnn.scripts.write import FRAMEWORKS
from kerasnn.training.train import KERAS_ENGINES

KINDS: Final = {  # by what the help shows in the place of the value
    "STAGE": "stage",
    "MODEL": "model",
    "STAGE|RUN": "model",
    "RUN": "run",
    "TOPIC": "topic",
    "OPTIMIZER": "optimizer",
    "CLAIM": "claim",
    "NAME|PATH": "dataset",
    "DATASET": "dataset",
    '"NAME VALUE..."': "setting",
}
WORDS: Final = {
    "--engine": KERAS_ENGINES,
    "--backend": BACKENDS,
    "--framework": FRAMEWORKS,
    "--status": STATUSES,
    "--sort": SORTS,
    **{row.flag: row.choices for row in SETTABLE.values() if row.choices},
}


def completion_table() -> dict[str, Any]:
    """Return the content of completion.json, as `kerasnn.cli.completion.table` describes it."""
    commands = {"": _offers(typer.main.get_command(app), "")}
    for name in NAMES:
        command = load(name)
        commands[name] = _offers(command, DOES[name])
        for inner, subcommand in getattr(command, "commands", {}).items():
            commands[f"{name} {inner}"] = _offers(subcommand, (subcommand.help or "").split("\n\n")[0])
    values = {
        "stage": list(STAGE_BY_NAME),
        "model": [*STAGE_BY_NAME, "latest"],
        "run": ["latest"],
        "topic": [topic.name for topic in TOPICS],
        "optimizer": list(CONTENDERS),
        "claim": [claim.name for claim in CLAIMS],
        "dataset": list(KNOWN),
        "setting": list(SETTABLE),
    }
    return {"values": values, "commands": commands}


def _offers(command: Any, does: str) -> dict[str, Any]:
    arguments, flags = [], {}
    for each in command.params:
        if each.param_type_name == "argument":
            arguments.append(_kind(each, each.metavar or "") + ("..." if each.nargs == -1 else ""))
            continue
        text = " ".join((each.help or "").split())
        for flag in (*each.opts, *each.secondary_opts):
            if flag.startswith("--"):
                flags[flag] = {"help": text, "values": None if each.is_flag else _flag_values(each, flag)}
    return {"help": " ".join(does.split()), "arguments": arguments, "flags": flags}


def _flag_values(option: Any, flag: str) -> str | list[str]:
    annotation = option.type_descriptor.annotation
    choices = get_args(annotation) if get_origin(annotation) is Literal else WORDS.get(flag)
    return list(choices) if choices else _kind(option, option.metavar or "")


def _kind(parameter: Any, metavar: str) -> str:
    bare = metavar.removesuffix("...").strip("[]") if metavar not in KINDS else metavar
    if "--dataset" in parameter.opts:
        return "dataset"
    return KINDS.get(bare, "file" if bare in ("FILE", "FOLDER", "IMAGE") else "number")


def text() -> str:
    """Return the file's text, with one flag a line."""
    return json.dumps(completion_table(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    write_text(Path(sys.argv[1]), text())
