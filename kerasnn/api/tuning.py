"""A search over the settings of one stage."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kerasnn.api.data import given_or_loaded
from kerasnn.records import Listener, Tuning, ignore

if TYPE_CHECKING:
    from kerasnn.data.dataset import Dataset

TUNING = Path("tuning")


def tune(  # noqa: PLR0913  # each says what is searched, or how
    stage: str,
    choices: Mapping[str, Sequence[Any]] | None = None,
    *,
    trials: int | None = None,
    seeds: int | Sequence[int] = 1,
    workers: int | None = None,
    ray: str | None = None,
    out: str | Path = TUNING,
    dataset: "str | Path | Dataset" = "auto",
    data_dir: str | Path | None = None,
    listener: Listener = ignore,
    **overrides: Any,
) -> Tuning:
    """Train `stage` with every combination of `choices`, and rank them by the validation loss.

    `choices`: values to try, by the names of settings as in `train`; none stands for a small grid. `trials`: draw so
    many of the combinations. The stage as it stands is always among them. `seeds`: how many, from 42 on, or which;
    figures are means over them, differences are paired. `overrides`: settings of all trials. `workers`, `ray`,
    `out`: as in `reproduce`.
    Raises: UsageError, DataError, EnvironmentFault; Interrupted once what is finished is kept.
    """
    from kerasnn.lecture.settings import seed_numbers
    from kerasnn.study.results import at_a_time
    from kerasnn.study.tune import plan
    from kerasnn.study.tune import tune as study

    numbers, at_once = seed_numbers(seeds), at_a_time(workers, ray)
    search = plan(stage, choices, trials=trials, seed=numbers[0], overrides=overrides)  # before data are loaded
    data = given_or_loaded(dataset, data_dir, listener)
    return study(search, numbers, data, out=Path(out), workers=at_once, ray=ray, listener=listener)
