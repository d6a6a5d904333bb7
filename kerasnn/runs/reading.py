"""Read the curves of a run: from its history, whatever its record says."""

from collections.abc import Mapping
from dataclasses import replace
from math import log
from typing import Any, Final

from kerasnn.records import CurveReading, Run, Scores
from kerasnn.records.serialize import restore
from kerasnn.runs.next_command import next_command
from kerasnn.training.reading import harmful_rate, read_curves, rise_is_noise, unusual_rate

FAR: Final = 0.5  # of the epochs


def restore_with_reading(content: Mapping[str, Any]) -> Run:
    """Rebuild a run from the content of its run.json; its curves are read again, by today's rules.

    Raises: ValueError if it is not what kerasnn writes.
    """
    run = restore(Run, {**content, "reading": None})
    return replace(run, reading=read_run(run))


def read_run(run: Run) -> CurveReading | None:
    """Return the reading of the curves of `run`, with causes and the next command; None if it has no epochs."""
    classes, epochs = len(run.dataset.classes), len(run.history)
    reading = read_curves(
        run.history,
        run.chance.validation if run.chance else Scores(log(classes), 1 / classes),
        images=run.dataset.validation,
        stopped_early=run.status == "done" and run.settings.patience is not None and epochs < run.settings.epochs,
        diverged=run.status == "failed",
    )
    if reading is None:
        return None
    causes = (*unusual_rate(run.settings), *run.stuck_units) if reading.failed else ()
    if reading.verdict == "noisy":
        causes = harmful_rate(run.settings)
    hasty = reading.verdict == "done" and reading.stopped_early and epochs <= run.settings.epochs * FAR
    return replace(
        reading,
        causes=causes,
        next_command=next_command(run, reading),
        hasty=hasty and rise_is_noise(run.history),
    )
