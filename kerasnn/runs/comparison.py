"""Runs compared: the settings, images, machines and versions in which they differ."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kerasnn.errors import UsageError
from kerasnn.files.paths import RUNS
from kerasnn.language import _
from kerasnn.records import Difference, Run, RunComparison
from kerasnn.runs.listing import open_run


def compare_runs(runs: Sequence[str], *, out: str | Path = RUNS) -> RunComparison:
    """Find the differences between two or more runs in settings and environment. `runs`: each as in `open_run`.

    Raises: UsageError for fewer than two; ModelFileError if one is missing or damaged.
    """
    if len(runs) < 2:
        raise UsageError(
            _("{count} run is given", count=len(runs)),
            expected=_("two or more"),
            hint=_("kerasnn runs list shows them"),
        )
    opened = tuple(open_run(run, out=out) for run in runs)
    return compared(opened)


def compared(runs: Sequence[Run]) -> RunComparison:
    """Return the differences between `runs` that are open already."""
    return RunComparison(
        tuple(runs),
        _differences([{"stage": run.stage, **asdict(run.settings)} for run in runs]),
        _differences([_surroundings(run) for run in runs]),
    )


def _surroundings(run: Run) -> dict[str, Any]:
    machine = run.environment
    return {
        "engine": run.engine,
        "dataset": run.dataset.name,
        "sha256": run.dataset.sha256[:12],
        **{name: getattr(machine, name) for name in ("device", "threads", "platform", "processor")},
        **machine.switches,
        **machine.versions,
    }


def _differences(rows: Sequence[Mapping[str, Any]]) -> tuple[Difference, ...]:
    names = dict.fromkeys(name for values in rows for name in values)
    found = (Difference(name, tuple(values.get(name) for values in rows)) for name in names)
    return tuple(one for one in found if any(value != one.values[0] for value in one.values))
