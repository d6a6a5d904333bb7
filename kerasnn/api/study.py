"""Many trainings: every stage with several seeds, and whether a figure is right."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kerasnn.api.data import given_or_loaded
from kerasnn.api.training import RUNS
from kerasnn.errors import UsageError
from kerasnn.language import _
from kerasnn.lecture.hyperparameters import SEED
from kerasnn.lecture.stages import STAGES
from kerasnn.records import Listener, Reproduction, Verification, ignore

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
    from kerasnn.lecture.settings import find_stage, seed_numbers
    from kerasnn.study.reproduce import reproduce as study
    from kerasnn.study.results import at_a_time

    at_once = at_a_time(workers, ray)
    names = [find_stage(name).name for name in stages] or [stage.name for stage in STAGES]
    return study(
        list(dict.fromkeys(names)),
        seed_numbers(seeds),
        given_or_loaded(dataset, data_dir, listener),
        out=Path(out),
        workers=at_once,
        ray=ray,
        listener=listener,
    )


def verify(
    subject: str | Path,
    *,
    seed: int | None = None,
    repeat: bool = False,
    dataset: "str | Path | Dataset | None" = None,
    data_dir: str | Path | None = None,
    out: str | Path = RUNS,
    listener: Listener = ignore,
) -> Verification:
    """Whether a training's figures lie where those of many seeds lie; `.holds` is the answer.

    `subject`: a stage's name, which is then trained with `seed`, else 42, on `dataset`, else `auto`; or a run:
    `latest`, its id, its folder. `repeat`: train it once more, and compare the weights bit by bit; a run on `dataset`,
    where its data have moved.

    Raises: UsageError for a run with settings of its own, one that is not done, or data that nobody has measured.
    """
    from kerasnn.lecture.stages import STAGE_BY_NAME
    from kerasnn.study.subject import verify_run, verify_stage

    def data(name: "str | Path | Dataset") -> "Dataset":
        return given_or_loaded(name, data_dir if name in ("auto", "fashion-mnist") else None, listener)

    if str(subject) in STAGE_BY_NAME:
        first = SEED if seed is None else seed
        return verify_stage(str(subject), data(dataset or "auto"), seed=first, repeat=repeat, listener=listener)
    if seed is not None or (not repeat and (dataset, data_dir) != (None, None)):
        raise UsageError(
            _("a run has its own seed and data, and '{subject}' is no stage", subject=subject),
            expected=_("a stage with --seed or --dataset, or a run without, but for --repeat on data that have moved"),
        )
    return verify_run(str(subject), Path(out), lambda own: data(dataset or own), repeat=repeat, listener=listener)
