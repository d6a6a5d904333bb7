"""Time whole processes in pairs: a command of kerasnn, then a plain script that does the same, in each round."""

import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

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


def _pair(name: str, ours: Sequence[str], plain: Sequence[str], scratch: Path, rounds: int) -> Pair:
    taken = [(_run(ours, scratch), _run(plain, scratch)) for _ in range(rounds)]
    medians = [statistics.median(each[side][what] for each in taken) for what in (0, 1) for side in (0, 1)]
    return Pair(name, *medians)


def _run(command: Sequence[str], folder: Path) -> tuple[float, float]:
    """Return wall seconds and peak memory in MB of a process.

    Raises: CalledProcessError if it fails.
    """
    clock = [sys.executable, "-S", "-c", CLOCK, *command]
    done = subprocess.run(clock, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    seconds, memory = done.stdout.split()
    return float(seconds), float(memory) / (1 << 20 if sys.platform == "darwin" else 1 << 10)  # bytes on macOS, else kB
