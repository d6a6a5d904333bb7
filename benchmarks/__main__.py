"""`python -m benchmarks [PART...] [--rounds N] [--out FILE]`: measure, print tables, and write them as Markdown.

`python -m benchmarks --before CHECKOUT` compares whole commands with those of another checkout; `--busy` keeps one core
busy meanwhile.
"""

import argparse
import os
import platform
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.comparators import COMPARATORS
from benchmarks.data import real_data, write_data
from benchmarks.epochs import Clocked, clock
from benchmarks.exports import exported
from benchmarks.lab import measure
from benchmarks.memory import memory
from benchmarks.processes import IMAGE, Pair, before_pairs, busy_core, light_pairs, stage_pairs
from benchmarks.reading import reading
from benchmarks.tables import markdown, pairs_table, table_of
from kerasnn.runs.environment import versions

GROWTH: Mapping[str, list[dict[str, Any]]] = {
    "batch size": [{"batch": size} for size in (16, 32, 64, 128, 256, 512, 1024)],
    "hidden units": [{"hidden": [units]} for units in (50, 100, 200, 500, 1000, 2000)],
    "images": [{"images": count} for count in (6_000, 12_000, 24_000, 48_000, 60_000)],
    "layers": [{"hidden": [100] * layers} for layers in (1, 2, 3, 4)],
}


def epochs(data: str, rounds: int) -> list[Table]:
    """Time a steady epoch of `adam` by each comparator, and of `dropout` by fused."""
    wanted: dict[str, tuple[str, Mapping[str, Any], int | None]] = {
        name: (name, {"data": data}, None) for name in COMPARATORS if name != "arithmetic limit"
    }
    wanted["fused, dropout 0.3"] = ("fused", {"data": data, "dropout": 0.3}, None)
    wanted["arithmetic limit, 1 thread"] = ("arithmetic limit", {"data": data}, 1)
    wanted["arithmetic limit, 2 threads"] = ("arithmetic limit", {"data": data}, 2)
    clocked = clock(wanted, rounds)
    ours = clocked[0].steady
    table = table_of(f"One steady epoch of adam, 48,000 images, batch 32: medians of {rounds} blocks")
    for name in ("", "ratio to fused", "seconds", "first epoch over a steady one"):
        table.add_column(name, justify="left" if not name else "right")
    for each in clocked:
        if each.failed:
            table.add_row(each.name, f"skipped: {each.failed}", "", "")
        else:
            table.add_row(each.name, f"{each.steady / ours:.2f}", f"{each.steady:.3f}", f"{each.compiling:.2f}")
    return [table]


def growth(data: str, rounds: int) -> list[Table]:
    """Time epochs of fused and of fit as batch size, units, images and layers grow."""
    tables = []
    for title, cases in GROWTH.items():
        table = table_of(f"An epoch of adam by {title}: medians of {rounds} blocks, in pairs")
        for name in (title, "fit / fused", "fused, seconds", "fit, seconds"):
            table.add_column(name, justify="right")
        for case in cases:
            settings = {"data": data, **case}
            fused, fit = clock({name: (name, settings, None) for name in ("fused", "fit")}, rounds)
            table.add_row(_shown(case), _ratio(fit, fused), f"{fused.steady:.3f}", f"{fit.steady:.3f}")
        tables.append(table)
    return tables


def _shown(case: Mapping[str, Any]) -> str:
    (value,) = case.values()
    return " ".join(map(str, value)) if isinstance(value, list) else f"{value:,}"


def _ratio(one: Clocked, other: Clocked) -> str:
    return f"{one.steady / other.steady:.1f}"


def keeping(data: str, rounds: int) -> list[Table]:
    """Time the check for divergence and the saving of the state in each epoch."""
    from benchmarks.keeping import measure

    with tempfile.TemporaryDirectory() as scratch:
        found = measure(data, Path(scratch), rounds)
    table = table_of(f"Cost of checks and saved states in an epoch of dropout: medians of {rounds} trainings")
    for name in ("", "share of an epoch", "milliseconds"):
        table.add_column(name, justify="left" if not name else "right")
    rows = {
        "an epoch": found.epoch,
        "check that losses and weights are finite and the loss is below its bound": found.check,
        "write the state and flush it to disk": found.write,
    }
    for name, seconds in rows.items():
        table.add_row(name, f"{seconds / found.epoch:.2%}", f"{seconds * 1000:.2f}")
    return [table]


def light(data: str, rounds: int) -> list[Table]:
    """Time commands that only read, as whole processes."""
    with tempfile.TemporaryDirectory() as scratch:
        return [
            pairs_table("Commands that only read, whole processes", light_pairs(Path(scratch), IMAGE, rounds), rounds)
        ]


def stages(data: str, rounds: int) -> list[Table]:
    """Time the training of each stage, as whole processes."""
    folder = real_data("stages")
    with tempfile.TemporaryDirectory() as scratch:
        pairs = stage_pairs(Path(scratch), folder, rounds)
    return [pairs_table("Training each stage, whole processes", [*pairs, _total(pairs)], rounds)]


def whole(before: Path, data: str, rounds: int) -> list[Table]:
    """Time commands against those of the checkout `before`, as whole processes."""
    folder = real_data("whole")
    with tempfile.TemporaryDirectory() as scratch:
        pairs = before_pairs(before, Path(scratch), folder, IMAGE, rounds)
    return [pairs_table("Whole processes", pairs, rounds, other="before")]


def _total(pairs: list[Pair]) -> Pair:
    # overfit is a control, not a stage of the lecture
    lecture = [pair for pair in pairs if not pair.name.endswith("overfit")]
    seconds = (sum(getattr(pair, side) for pair in lecture) for side in ("ours", "plain"))
    memory = (max(getattr(pair, side) for pair in lecture) for side in ("our_memory", "plain_memory"))
    return Pair("all stages of the lecture", *seconds, *memory)


def lab(data: str, rounds: int) -> list[Table]:
    """Measure the lab: its start, trainings from the order to the first event, and many pages at once."""
    busy = f", load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    table = table_of(f"kerasnn lab{busy}: medians of {rounds} rounds")
    for name in ("", "measured", "goal"):
        table.add_column(name, justify="left" if not name else "right")
    with tempfile.TemporaryDirectory() as folder:
        for each in measure(Path(folder), rounds):
            table.add_row(each.name, f"{each.value:.2f} {each.unit}", each.goal)
    return [table]


def export(data: str, rounds: int) -> list[Table]:
    """Export every reference model to every form."""
    with tempfile.TemporaryDirectory() as folder:
        return [exported(Path(folder), rounds)]


def data(data: str, rounds: int) -> list[Table]:
    """Read 60,000 images as people bring them."""
    return [reading(Path(data), rounds)]


PARTS: dict[str, Callable[[str, int], list[Table]]] = {
    "data": data,
    "epochs": epochs,
    "export": export,
    "growth": growth,
    "keeping": keeping,
    "lab": lab,
    "light": light,
    "memory": memory,
    "stages": stages,
}


def machine() -> str:
    """Describe the machine and the versions that the timings come from."""
    from kerasnn.networks import runtime

    found = ", ".join(f"{name} {version}" for name, version in versions().items())
    return f"{platform.machine()}, {runtime.device()}, {runtime.threads()} threads; {found}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="tables to measure; default: all")
    parser.add_argument("--rounds", type=int, default=5, help="measurements of each; default: 5")
    parser.add_argument("--out", type=Path, help="write the tables to this Markdown file")
    parser.add_argument("--before", type=Path, metavar="CHECKOUT", help="compare whole commands with this checkout's")
    parser.add_argument("--busy", action="store_true", help="keep one core busy meanwhile")
    chosen = parser.parse_args()
    console = Console(width=120)
    parts = {part: PARTS[part] for part in chosen.parts or PARTS}
    if chosen.before:
        parts = {"whole": partial(whole, chosen.before)}
    with busy_core(chosen.busy), tempfile.TemporaryDirectory() as data:
        head = f"{machine()}; trained on {write_data(Path(data))}" + ("; one core kept busy" if chosen.busy else "")
        console.print(head)
        text = f"# Benchmarks\n\nMade by `make bench`. {head}.\n"
        for make in parts.values():
            for table in make(data, chosen.rounds):
                console.print(table)
                text += "\n" + markdown(table)
    if chosen.out:
        chosen.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
