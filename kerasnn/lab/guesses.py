"""Guesses made before a training, kept in its folder, and what came out."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kerasnn.errors import KerasnnError, UsageError
from kerasnn.files.atomic import write_text
from kerasnn.files.untrusted import parse_json, read_regular
from kerasnn.lab.app import App
from kerasnn.lab.requests import as_json
from kerasnn.lab.trainings import GUESS
from kerasnn.language import _
from kerasnn.lecture.hyperparameters import HYPERPARAMETER_BY_NAME
from kerasnn.runs.folder import all_runs
from kerasnn.runs.listing import open_run

LARGEST: Final = 1000  # bytes
MOST_SHOWN: Final = 30


@dataclass(frozen=True)
class Guess:
    """What somebody expects of a training: the accuracy on the validation images, the epoch of the lowest loss."""

    accuracy: float | None = None
    best_epoch: int | None = None


def checked(given: Any) -> Guess | None:
    """Return the guess in a request or file; None if there is none. Raises: UsageError if it cannot be one."""
    if given is None:
        return None
    limits = HYPERPARAMETER_BY_NAME["epochs"].limits
    most = int(limits.high) if limits else 0
    guess = Guess(given.get("accuracy"), given.get("best_epoch")) if isinstance(given, dict) else Guess()
    share, epoch = guess.accuracy, guess.best_epoch
    is_share = share is None or (type(share) in (int, float) and 0 <= share <= 1)
    is_epoch = epoch is None or (type(epoch) is int and 1 <= epoch <= most)
    known = isinstance(given, dict) and given.keys() <= {"accuracy", "best_epoch"}
    if not (known and is_share and is_epoch) or guess == Guess():
        raise UsageError(
            _("that is no guess"),
            expected=_("an accuracy from 0 to 1, a best_epoch from 1 to {most:,}, or both", most=most),
        )
    return guess


def keep(guess: Guess, folder: Path) -> None:
    """Write a guess to the folder of a run. Raises: EnvironmentFault."""
    write_text(folder / GUESS, json.dumps(asdict(guess)) + "\n")


def kept(folder: Path) -> Guess | None:
    """Return the guess in the folder of a run; None if there is none that can be read."""
    try:
        return checked(parse_json(read_regular(folder / GUESS, limit=LARGEST)))
    except (OSError, ValueError, UsageError):
        return None


async def get_guess(request: Request, app: App) -> Response:
    """Return the guess for a run and what came out of it."""
    folder = (await app.opened).models.run(request.path_params["run"])
    guess = kept(folder) if folder else None
    if folder is None or guess is None:
        raise HTTPException(404)
    return await as_json(lambda: compared(folder, guess))


async def get_guesses(request: Request, app: App) -> Response:
    """Return the last guesses, the newest first."""
    models = (await app.opened).models

    def found() -> list[Mapping[str, Any]]:
        runs = (models.run(folder.name) for folder in reversed(all_runs(app.runs)) if (folder / GUESS).is_file())
        guesses = ((folder, guess) for folder in runs if folder and (guess := kept(folder)))
        return [compared(folder, guess) for folder, guess in islice(guesses, MOST_SHOWN)]

    return await as_json(lambda: {"guesses": found()})


def compared(folder: Path, guess: Guess) -> dict[str, Any]:
    """Return a guess beside the run's results, which are None until it is done."""
    unknown = {"stage": None, "status": "damaged", "outcome": None}
    answer: dict[str, Any] = {"run": folder.name, "guess": asdict(guess), **unknown}
    try:
        record = open_run(str(folder))
    except KerasnnError:
        return answer
    came = None
    if record.status == "done" and record.validation is not None:
        came = {"accuracy": record.validation.accuracy, "best_epoch": record.best_epoch}
    return {**answer, "stage": record.stage, "status": record.status, "outcome": came}


ROUTES: Final[list[tuple[str, str, Any]]] = [
    ("GET", "/api/runs/{run}/guess", get_guess),
    ("GET", "/api/guesses", get_guesses),
]
