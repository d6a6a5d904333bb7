"""Time whole processes in pairs: a command of kerasnn, then a plain script that does the same, in each round."""

import os
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from benchmarks.scripts import PREDICT, training_script
from kerasnn.lecture.stages import STAGES
from kerasnn.runs import reference

# run from a small process, because a child's peak memory includes that of the process it was forked from
CLOCK = """
import resource, subprocess, sys, time
began = time.perf_counter()
code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL)
print(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
"""
IMAGE = Path(__file__).resolve().parent.parent / "docs" / "pictures" / "shirt.png"
KERASNN = [sys.executable, "-m", "kerasnn"]


@dataclass(frozen=True)
class Pair:
    """A command of kerasnn and its plain counterpart: medians of seconds and of peak memory in MB."""

    name: str
    ours: float
    plain: float
    our_memory: float
    plain_memory: float


def light_pairs(scratch: Path, image: Path, rounds: int) -> list[Pair]:
    """Time `--help` against importing typer and rich, and `predict` against loading and predicting in Keras."""
    predict = scratch / "predict.py"
    predict.write_text(PREDICT.format(image=str(image), model=str(reference.model_path("dropout"))))
    imports = [sys.executable, "-c", "import typer, rich"]
    return [
        _pair("--help", [*KERASNN, "--help"], imports, scratch, rounds),
        _pair("predict", [*KERASNN, "predict", "dropout", str(image)], [sys.executable, str(predict)], scratch, rounds),
    ]


def stage_pairs(scratch: Path, folder: str, rounds: int) -> list[Pair]:
    """Time `train` of each stage against a plain script, both on the Fashion-MNIST in `folder`."""
    pairs = []
    for stage in STAGES:
        script = scratch / f"{stage.name}.py"
        script.write_text(training_script(stage, folder))
        ours = [*KERASNN, "train", "--stage", stage.name, "--dataset", "fashion-mnist", "--data-dir", folder]
        pairs.append(_pair(f"train --stage {stage.name}", ours, [sys.executable, str(script)], scratch, rounds))
    return pairs


def before_pairs(before: Path, scratch: Path, folder: str, image: Path, rounds: int) -> list[Pair]:
    """Time commands of this checkout against those of the checkout `before`: `plain` in the result.

    Neither sees the user's own cache of programs: each has an empty one, which a first run fills.
    """
    data = ["--dataset", "fashion-mnist", "--data-dir", folder]
    commands = {
        "--help": ["--help"],
        "predict": ["predict", "dropout", str(image)],
        **{f"train --stage {each.name}": ["train", "--stage", each.name, *data] for each in STAGES},
    }
    sides = [
        {"PYTHONPATH": str(checkout.resolve()), "KERAS_HOME": str(scratch / name)}
        for name, checkout in (("now", Path(__file__).parent.parent), ("before", before))
    ]
    pairs = []
    for name, words in commands.items():
        for variables in sides:
            run([*KERASNN, *words], scratch, variables)
        taken = [tuple(run([*KERASNN, *words], scratch, each) for each in sides) for _ in range(rounds)]
        pairs.append(_medians(name, taken))
    return pairs


@contextmanager
def busy_core(wanted: bool) -> Iterator[None]:
    """Keep one core busy in the block, if it is `wanted`: a shared machine is the normal case."""
    process = subprocess.Popen([sys.executable, "-S", "-c", "while True: pass"]) if wanted else None
    try:
        yield
    finally:
        if process:
            process.kill()
            process.wait()


def _pair(name: str, ours: Sequence[str], plain: Sequence[str], scratch: Path, rounds: int) -> Pair:
    taken = [(run(ours, scratch), run(plain, scratch)) for _ in range(rounds)]
    return _medians(name, taken)


def _medians(name: str, taken: Sequence[Sequence[tuple[float, float]]]) -> Pair:
    medians = [statistics.median(each[side][what] for each in taken) for what in (0, 1) for side in (0, 1)]
    return Pair(name, *medians)


def run(
    command: Sequence[str], folder: Path, variables: Mapping[str, str] = MappingProxyType({})
) -> tuple[float, float]:
    """Return wall seconds and peak memory in MB of a process; `variables`: to add to its environment.

    Raises: CalledProcessError if it fails.
    """
    clock = [sys.executable, "-S", "-c", CLOCK, *command]
    environment = {**os.environ, **variables}
    done = subprocess.run(
        clock, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, check=True
    )
    seconds, memory = done.stdout.split()
    return float(seconds), float(memory) / (1 << 20 if sys.platform == "darwin" else 1 << 10)  # bytes on macOS, else kB
