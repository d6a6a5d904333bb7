"""Many files, each given to a real command in a process under watch, a few at a time; what each one cost."""

import contextlib
import json
import math
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from queue import Queue
from typing import Any, Final

from tests.faults import watched
from tests.faults.frame import Cost, Lost, Plan, Trial
from tests.faults.fuzzing import controls
from tests.faults.structures import Mutation
from tests.faults.watched import TOUCHED, Answer, Ask

AT_ONCE: Final = 2
MOST_SECONDS: Final = 6.0  # of the processor's time
MOST_MEGABYTES: Final = 600.0
ALARMS: Final = ("Traceback", "Warning", "warning:")
Judge = Callable[[Path, bytes, Any], None]  # of the folder, the file's content and what the command printed as JSON


@dataclass(frozen=True)
class Target:
    """`file`: where in the working folder the mutated content goes, for the command `words`. `refused`: by this code.

    `judge`: raises Lost if the answer of a file that was accepted is wrong.
    """

    name: str
    file: str
    words: tuple[str, ...]
    refused: int
    judge: Judge


def trials(plan: Plan, prepare: Callable[[Path], None], given: Iterable[tuple[Target, Mutation]]) -> Iterator[Trial]:
    """A trial for each mutation; they run beside each other while the first ones are waited for.

    `prepare`: puts everything but the mutated file into a folder.
    """
    with _processes(plan.folder, prepare) as free, ThreadPoolExecutor(AT_ONCE) as pool:
        waiting = [
            (f"{target.name}: {mutation.name}", pool.submit(_observe, free, target, mutation, plan.keep))
            for target, mutation in given
        ]
        for name, future in waiting:
            yield Trial(name, partial(_outcome, future))


def _outcome(future: "Future[Cost]") -> Cost:
    return future.result()


@dataclass
class _Process:
    """A process that runs commands in forks of it, in a folder of its own. `start`: it starts once more."""

    folder: Path
    running: "subprocess.Popen[str] | None" = None

    def ask(self, target: Target) -> Answer:
        if self.running is None:
            self.running = subprocess.Popen(
                [sys.executable, "-P", watched.__file__],
                text=True,
                env={**os.environ, "KERASNN_LANG": "en", "PYTHONWARNINGS": "default"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        assert self.running.stdin is not None
        assert self.running.stdout is not None
        allowed = [path.name for path in self.folder.iterdir()] + ["classes.txt", "model.json"]
        temporary = str(self.folder.with_suffix(".tmp"))
        self.running.stdin.write(json.dumps(asdict(Ask(str(self.folder), target.words, allowed, temporary))) + "\n")
        self.running.stdin.flush()
        line = self.running.stdout.readline()
        if not line:
            ended, self.running = self.running.wait(), None
            raise Lost(f"the process that shares its memory with all commands ended with {ended}")
        return Answer(**json.loads(line))

    def end(self) -> None:
        if self.running is not None:
            self.running.communicate()


@contextlib.contextmanager
def _processes(folder: Path, prepare: Callable[[Path], None]) -> Iterator["Queue[_Process]"]:
    processes = [_Process(folder / f"watched-{number}") for number in range(AT_ONCE)]
    free: Queue[_Process] = Queue()
    for process in processes:
        process.folder.mkdir()
        process.folder.with_suffix(".tmp").mkdir()
        prepare(process.folder)
        free.put(process)
    try:
        yield free
    finally:
        for process in processes:
            process.end()


def _observe(free: "Queue[_Process]", target: Target, mutation: Mutation, keep: Path | None) -> Cost:
    process, cost = free.get(), None
    place = process.folder / target.file
    good = place.read_bytes() if place.exists() else None
    try:
        place.write_bytes(mutation.content)
        answer = process.ask(target)
        cost = Cost(answer.seconds, answer.megabytes)
        _check(answer, target)
        if answer.code == 0:
            target.judge(process.folder, mutation.content, _json(answer.said))
        return cost
    except Lost as loss:
        loss.cost = cost
        if keep is not None:
            _keep(keep, target, mutation, str(loss))
        raise
    finally:
        if good is not None:  # the next command may need it
            place.write_bytes(good)
        free.put(process)


def _keep(folder: Path, target: Target, mutation: Mutation, loss: str) -> None:
    """Leave the file that did it, and beside it a line that tells what was mutated, run and seen."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{sha256(mutation.content).hexdigest()[:12]}{Path(target.file).suffix}"
    (folder / name).write_bytes(mutation.content)
    line = f"{target.name}: {mutation.name} | {' '.join(target.words)} | {loss}"
    (folder / f"{name}.txt").write_text(" ".join(line.split()) + "\n", encoding="utf-8")


def _check(answer: Answer, target: Target) -> None:
    said = answer.said[-300:]
    if answer.code == TOUCHED or answer.code < 0:
        raise Lost(f"ended by {'the watch' if answer.code == TOUCHED else f'signal {-answer.code}'}: {said}")
    if answer.code not in (0, target.refused):
        raise Lost(f"code {answer.code}, neither 0 nor {target.refused}: {said}")
    if any(alarm in answer.said for alarm in ALARMS):
        raise Lost(f"code {answer.code} with a warning or a traceback: {said}")
    if answer.code and "Error: " not in answer.said:
        raise Lost(f"code {answer.code} without a sentence: {said}")
    if obeyed := controls(answer.said):
        raise Lost(f"printed {obeyed}: {said!r}")
    if answer.seconds > MOST_SECONDS or answer.megabytes > MOST_MEGABYTES:
        raise Lost(f"code {answer.code} after {answer.seconds:.1f} s with {answer.megabytes:.0f} MB")


def _json(said: str) -> Any:
    try:
        return json.loads(said)
    except ValueError:
        raise Lost(f"printed more than its answer: {said[-300:]}") from None


def probabilities(answer: Any) -> list[float]:
    """The probabilities in the JSON of `predict`. Raises: Lost unless they are finite, and sum to 1."""
    values: list[float] = answer[0]["probabilities"]
    if not all(math.isfinite(value) and 0 <= value <= 1 for value in values) or abs(sum(values) - 1) > 1e-4:
        raise Lost(f"probabilities {values}")
    return values
