"""Many trainings: every stage with several seeds, and whether a figure is right."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kerasnn.api.data import given_or_loaded
from kerasnn.lecture.stages import SEED, STAGES
from kerasnn.records import Listener, Reproduction, ignore

if TYPE_CHECKING:
    from kerasnn.data.dataset import Dataset

REPRODUCTION = Path("reproduction")


def reproduce(
    stages: Sequence[str] = (),
    *,
    seeds: int | Sequence[int] = 5,
    workers: int | None = None,
    ray: str | None = None,
    out: str | Path = REPRODUCTION,
    dataset: "str | Path | Dataset" = "auto",
    data_dir: str | Path | None = None,
    listener: Listener = ignore,
) -> Reproduction:
    """Train every stage with every seed, and measure: means, standard deviations, 95 % intervals.

    `stages`: their names; none stands for all. `seeds`: how many, from 42 on, or which. `workers`: how many trainings
    at a time, each on one thread; None: one a core. `ray`: a Ray cluster that trains instead: its address, `auto`, or
    `local`. `out`: where finished trainings are kept as they come: a call that was interrupted goes on there.

    Raises: UsageError, DataError, EnvironmentFault; Interrupted once what is finished is kept.
    """
    from kerasnn.settings import find_stage
    from kerasnn.study.pool import cores
    from kerasnn.study.reproduce import reproduce as study

    names = [find_stage(name).name for name in stages] or [stage.name for stage in STAGES]
    return study(
        list(dict.fromkeys(names)),
        range(SEED, SEED + seeds) if isinstance(seeds, int) else tuple(dict.fromkeys(seeds)),
        given_or_loaded(dataset, data_dir, listener),
        out=Path(out),
        workers=workers or cores(),
        ray=ray,
        listener=listener,
    )
