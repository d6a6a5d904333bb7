"""Optimizers raced against each other."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kerasnn.api.data import given_or_loaded
from kerasnn.records import Listener, Race, ignore

if TYPE_CHECKING:
    from kerasnn.data.dataset import Dataset


def race(
    optimizers: Sequence[str] = (),
    *,
    rates: Mapping[str, float] | None = None,
    stage: str = "relu",
    target: float = 0.4,
    dataset: "str | Path | Dataset" = "auto",
    data_dir: str | Path | None = None,
    listener: Listener = ignore,
    **overrides: Any,
) -> Race:
    """Train `stage` with each of `optimizers` from the same first weights over the same batches.

    `optimizers`: of sgd, momentum (0.9), nesterov, adagrad, rmsprop, adam; none stands for all. `rates`: learning
    rates by these names, else Keras' own. `target`: a validation loss to reach. `overrides`: settings of all of them,
    as in `train`. Raises: UsageError, DataError, Interrupted.
    """
    from kerasnn.study.race import check_entries
    from kerasnn.study.race import race as run

    check_entries(optimizers, rates, stage, target, overrides)  # before data are loaded
    data = given_or_loaded(dataset, data_dir, listener)
    return run(optimizers, data, rates=rates, stage=stage, target=target, overrides=overrides, listener=listener)
