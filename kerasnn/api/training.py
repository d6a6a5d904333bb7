"""Training, and models held against each other."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kerasnn.api.data import given_or_loaded
from kerasnn.lecture.hyperparameters import SEED
from kerasnn.records import Checkup, Comparison, Listener, Run, ignore

if TYPE_CHECKING:
    import keras

    from kerasnn.data.dataset import Dataset

RUNS = Path("runs")


def train(
    stage: str,
    *,
    dataset: "str | Path | Dataset" = "auto",
    data_dir: str | Path | None = None,
    engine: str | None = None,
    backend: str | None = None,
    out: str | Path = RUNS,
    listener: Listener = ignore,
    callbacks: "Sequence[keras.callbacks.Callback]" = (),
    **overrides: Any,
) -> Run:
    """Train a stage in a new folder in `out`; returns its record.

    `engine`: `fused` (the default: each epoch one compiled program, in an order of its own) or `keras` (model.fit).
    `backend`: what Keras computes on, `tensorflow`, `torch` or `jax`, settled once in a process; the last two train by
    `keras` alone.

    `overrides`: settings to change: `hidden`, `activation`, `dropout`, `optimizer`, `learning_rate`, `momentum`,
    `nesterov`, `epochs`, `batch_size`, `patience`, `seed`. `listener` is called with Progress, Notice and Download.
    `callbacks`: Keras callbacks; one that looks at batches is served by the engine `keras`, after a notice.
    Raises: UsageError, DataError, EnvironmentFault; TrainingDiverged and Interrupted once what was learnt is kept.
    """
    from kerasnn.runs.execute import execute

    if backend is not None:
        from kerasnn.networks.backend import choose_backend

        choose_backend(backend)
    folder = Path(data_dir) if data_dir is not None else None
    return execute(
        stage,
        overrides,
        dataset=dataset,
        data_dir=folder,
        engine=engine,
        out=Path(out),
        listener=listener,
        callbacks=callbacks,
    )


def resume(
    run: str,
    *,
    more_epochs: int = 0,
    force: bool = False,
    dataset: "str | Path | Dataset | None" = None,
    data_dir: str | Path | None = None,
    out: str | Path = RUNS,
    listener: Listener = ignore,
    **overrides: Any,
) -> Run:
    """Go on with a run (its id, its folder, or `latest`: the last one that is not done); returns its record.

    It ends in bitwise the same weights and history as one never interrupted. `more_epochs` extends one that is done.
    `overrides`: settings to hold against the run's own. Raises: ModelFileError where these, the data, the versions or
    the device are others, unless `force`; EnvironmentFault where another process trains it; and as `train`.
    """
    from kerasnn.runs.resume import resume as go_on

    return go_on(
        run,
        overrides,
        more_epochs=more_epochs,
        force=force,
        dataset=dataset,
        data_dir=Path(data_dir) if data_dir is not None else None,
        out=Path(out),
        listener=listener,
    )


def compare_sklearn(
    *,
    dataset: "str | Path | Dataset" = "auto",
    data_dir: str | Path | None = None,
    seeds: Sequence[int] = (SEED,),
    epochs: int | None = None,
    folds: int | None = None,
    listener: Listener = ignore,
) -> Comparison:
    """SGDClassifier against one Dense layer with softmax on the same split; `folds` adds the cross-validated score."""
    from kerasnn.study.compare import compare_sklearn as compare

    return compare(
        given_or_loaded(dataset, data_dir, listener), seeds=seeds, epochs=epochs, folds=folds, listener=listener
    )


def check_up(out: str | Path = RUNS, *, data_dir: str | Path | None = None) -> Checkup:
    """Look at everything a training needs, as `kerasnn doctor` does."""
    from kerasnn.doctor import check_up as look

    return look(Path(out), Path(data_dir) if data_dir is not None else None)
