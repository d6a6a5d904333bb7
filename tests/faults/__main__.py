"""`python -m tests.faults`: run every fault case, and print the counts as a table; exit code 6 if anything was lost."""

import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tests.faults.catalogue import all_cases
from tests.faults.frame import Case, Plan, Result

LOST = 6
SHOWN_LOSSES = 20


def main(
    case: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Only cases whose name has this in it.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="The counts of make test instead of the full ones.")] = False,
    count: Annotated[int | None, typer.Option(min=1, help="As many trials a case.")] = None,
    seed: Annotated[int, typer.Option(help="Of all chance.")] = 42,
    keep: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Leave the mutated files that were lost there.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the results as JSON.")] = False,
) -> None:
    """Try every fault and show what survived."""
    status = Console(stderr=True, highlight=False)
    wanted = [each for each in all_cases() if not case or any(name in each.name for name in case)]
    if not wanted:
        status.print(f"there is no case {case}; there are: {', '.join(each.name for each in all_cases())}")
        raise typer.Exit(2)
    results = []
    for each in wanted:
        tries = count or (each.quick if quick else each.full)
        status.print(f"{each.name}: {tries:,} to try", style="dim")
        results.append(_run(each, tries, seed, keep))
        for loss in results[-1].losses[:SHOWN_LOSSES]:
            status.print(f"  lost: {loss}", style="red", markup=False)
    if as_json:
        sys.stdout.write(json.dumps([_plain(result) for result in results], indent=2) + "\n")
    else:
        Console(highlight=False).print(_table(wanted, results))
    raise typer.Exit(LOST if any(result.lost for result in results) else 0)


def _run(case: Case, count: int, seed: int, keep: Path | None) -> Result:
    folder = Path(tempfile.mkdtemp(prefix="kerasnn-faults-"))
    try:
        return case.run(Plan(count, folder, seed, keep))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _plain(result: Result) -> dict[str, object]:
    return {
        "case": result.case,
        "tried": result.tried,
        "survived": result.survived,
        "lost": result.lost,
        "losses": result.losses,
        "seconds": round(result.seconds, 3),
        "slowest": round(result.slowest, 3),
        "slowest_trial": result.slowest_trial,
        "largest": round(result.largest),
        "largest_trial": result.largest_trial,
    }


def _table(cases: list[Case], results: list[Result]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("fault")
    table.add_column("survives means")
    for heading in ("tried", "survived", "lost", "slowest", "largest"):
        table.add_column(heading, justify="right", no_wrap=True)
    for case, result in zip(cases, results, strict=True):
        style = "red" if result.lost else None
        counts = (f"{result.tried:,}", f"{result.survived:,}", f"{result.lost:,}")
        largest = f"{result.largest:.0f} MB" if result.largest else ""
        table.add_row(case.name, case.goal, *counts, f"{result.slowest:.2f} s", largest, style=style)
        if result.largest:
            named = f"slowest: {result.slowest_trial}\nlargest: {result.largest_trial}"
            table.add_row("", Text(named, overflow="fold"), style="dim")
    return table


if __name__ == "__main__":
    typer.run(main)
