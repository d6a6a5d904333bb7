"""Hostile model files: each is refused with code 5, within limits; nothing is executed, and no other file is read."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Final

from PIL import Image

from tests.conftest import save_npz
from tests.faults import watched
from tests.faults.frame import Lost, Plan, Trial, case
from tests.faults.fuzzing import controls
from tests.faults.hostile_models import CANARY, HOSTILE, OUTSIDE, Writer
from tests.faults.watched import LONGEST_WAIT, TOUCHED, Answer, Ask

MOST_SECONDS = 5.0
MOST_MEGABYTES = 600
AT_ONCE: Final = 3  # commands that a file meets in the quick form
RUN: Final = "20260101-000000-adam-s42"
MODEL: Final = "MODEL"  # stands for the hostile file in the words below

COMMANDS: Final[Mapping[str, tuple[str, ...]]] = {
    "evaluate": ("evaluate", MODEL, "--dataset", "garments"),
    "predict": ("predict", MODEL, "picture.png"),
    "summary": ("summary", "--model", MODEL),
    "weights": ("weights", MODEL),
    "draw": ("draw", MODEL),
    "explain": ("explain", "neuron", "--model", MODEL),
    "explain relu": ("explain", "relu", "--model", MODEL, "--index", "1"),
    "code": ("code", MODEL),
    "report": ("report", MODEL, "--out", "report.html"),
    "verify": ("verify", MODEL),
    "runs show": ("runs", "show", MODEL),
    "train --resume": ("train", "--resume", MODEL),
}
OF_STATE: Final = "train --resume, as its state"
# this one loads TensorFlow, which takes the most of 600 MB by itself: it is held against what it adds to that
GOES_ON: Final = ("train", "--resume", RUN, "--dataset", "stripes.npz")
NEEDS_TENSORFLOW: Final = frozenset({"train --resume", "verify", OF_STATE})
MOST_GROWN = 200


@dataclass(frozen=True)
class Watched:
    """Processes that run commands under watch: `light` without TensorFlow, `heavy` with it."""

    light: "subprocess.Popen[str]"
    heavy: "subprocess.Popen[str]"

    def answer(self, ask: Ask, *, heavy: bool) -> Answer:
        process = self.heavy if heavy else self.light
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(asdict(ask)) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(f"the watched process ended with {process.wait()}")
        return Answer(**json.loads(line))


@contextmanager
def watching() -> Iterator[Watched]:
    command = [sys.executable, "-P", watched.__file__]
    with _started(command) as light, _started([*command, "kerasnn.runs.resume"]) as heavy:
        yield Watched(light, heavy)


def _started(command: list[str]) -> "subprocess.Popen[str]":
    environment = {**os.environ, "KERASNN_LANG": "en"}
    return subprocess.Popen(command, text=True, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def _refused(folder: Path, name: str, write: Writer, commands: list[str], processes: Watched) -> None:
    folder.mkdir()
    path = folder / name
    write(path)
    os.mkfifo(folder / OUTSIDE)
    Image.new("L", (28, 28), 90).save(folder / "picture.png")
    save_npz(folder / "stripes.npz")
    _run_of_it(folder, write)
    temporary = folder.with_suffix(".tmp")
    temporary.mkdir()
    before = sorted(folder.rglob("*"))
    for command in commands:
        words = [str(path) if word == MODEL else word for word in COMMANDS.get(command, GOES_ON)]
        of_state = ("runs", "stripes.npz", "classes.txt")
        allowed = of_state if command == OF_STATE else (name, "evil.json", "run.json", "picture.png")
        ask = Ask(str(folder), words, allowed, str(temporary))
        heavy = command in NEEDS_TENSORFLOW
        _check(command, processes.answer(ask, heavy=heavy), heavy=heavy)
        if (folder / CANARY).exists():
            raise Lost(f"{command}: what the file asked for was executed")
        if sorted(folder.rglob("*")) != before:
            raise Lost(f"{command}: a file was made or removed")


def _run_of_it(folder: Path, write: Writer) -> None:
    """A run that was stopped, and whose state is the hostile file."""
    state = folder / "runs" / RUN / "checkpoint" / "state.npz"
    state.parent.mkdir(parents=True)
    record = {"run": RUN, "stage": "adam", "status": "stopped", "environment": {}, "command": "kerasnn train"}
    (folder / "runs" / RUN / "run.json").write_text(json.dumps(record), encoding="utf-8")
    write(state)


def _check(command: str, answer: Answer, *, heavy: bool) -> None:
    said = answer.said[-400:]
    if answer.code == TOUCHED:
        raise Lost(f"{command}: {said}")
    if answer.code < 0:
        raise Lost(f"{command}: ended by signal {-answer.code}, which after {LONGEST_WAIT} s is 14: {said}")
    if answer.code != 5:
        raise Lost(f"{command}: code {answer.code} instead of 5: {said}")
    if "Traceback" in answer.said or "Error: " not in answer.said:
        raise Lost(f"{command}: not said in a sentence: {said}")
    if obeyed := controls(answer.said):
        raise Lost(f"{command}: printed {obeyed}: {answer.said[-400:]!r}")
    megabytes, most = (answer.grown, MOST_GROWN) if heavy else (answer.megabytes, MOST_MEGABYTES)
    if answer.seconds > MOST_SECONDS or megabytes > most:
        raise Lost(f"{command}: refused after {answer.seconds:.1f} s with {megabytes:.0f} MB")


@case(
    "hostile model files",
    goal="refused by every command in 5 s and 600 MB, code 5, nothing run, nothing else read",
    full=len(HOSTILE),
    quick=4,
    most=len(HOSTILE),
)
def hostile_models(plan: Plan) -> Iterator[Trial]:
    """All commands for each file; in the quick form a few, which go round."""
    step = max(1, len(HOSTILE) // plan.count)
    chosen = list(HOSTILE.items())[::step][: plan.count]
    every = [*COMMANDS, OF_STATE]
    commands = cycle(every)
    with watching() as processes:
        for number, (name, (file, write)) in enumerate(chosen):
            met = every if plan.count == len(HOSTILE) else list(islice(commands, AT_ONCE))
            yield Trial(name, partial(_refused, plan.folder / str(number), file, write, met, processes))
