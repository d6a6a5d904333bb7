"""The peak memory of commands, each as a whole process, and how a process grows that trains again and again."""

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from rich.table import Table

from benchmarks.data import real_data
from benchmarks.processes import IMAGE, KERASNN, run
from benchmarks.tables import table_of
from kerasnn.lecture.stages import STAGES

TRAININGS: Final = 20
STEADY: Final = 4  # trainings after which the allocator has what it needs
AGAIN: Final = f"""
import kerasnn
for seed in range({TRAININGS}):
    kerasnn.train("softmax", dataset="garments", epochs=1, seed=seed, listener=lambda event: None)
    with open("/proc/self/statm", encoding="ascii") as file:
        print(int(file.read().split()[1]) * 4096)
"""


def memory(data: str, rounds: int) -> list[Table]:
    """Measure the peak memory of processes on Fashion-MNIST, and the growth of one that trains again and again."""
    own = ["--dataset", "fashion-mnist", "--data-dir", real_data("memory")]
    commands = {
        **{f"train {stage.name}": ["train", stage.name, *own] for stage in STAGES},
        "predict": ["predict", "dropout", str(IMAGE)],
        "evaluate": ["evaluate", "dropout", *own],
        # the largest of its processes is a worker, which here compiles the programs of all stages
        "reproduce, a worker": ["reproduce", "--seeds", "1", "--workers", "1", *own],
    }
    table = table_of(f"Peak memory of a process: medians of {rounds}")
    for name in ("kerasnn ...", "MB", "MB the first time, which compiles"):
        table.add_column(name, justify="left" if name.startswith("kerasnn") else "right")
    for name, words in commands.items():
        first = _peak(words, rounds, own_home=True) if name.startswith("train") else ""
        table.add_row(name, _peak(words, rounds), first)
    grown = _growth()
    table.add_row(f"growth for each further training, of {TRAININGS} in one process", f"{grown:.1f}")
    return [table]


def _peak(words: list[str], rounds: int, *, own_home: bool = False) -> str:
    """Return the median of the peaks in MB. `own_home`: in a home folder in which no compiled programs are kept."""
    peaks = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as scratch:  # a study that finds its trainings would train nothing
            peaks.append(run([*KERASNN, *words], Path(scratch), {"HOME": scratch} if own_home else {})[1])
    return f"{statistics.median(peaks):,.0f}"


def _growth() -> float:
    """Return by how many MB a process grows with each training once it is steady."""
    with tempfile.TemporaryDirectory() as scratch:
        done = subprocess.run(
            [sys.executable, "-c", AGAIN], cwd=scratch, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True
        )
    sizes = [int(line) / 2**20 for line in done.stdout.split()[STEADY:]]
    return statistics.linear_regression(range(len(sizes)), sizes).slope
