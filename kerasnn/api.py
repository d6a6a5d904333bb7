"""What `import kerasnn` offers: the commands as functions that return the records the commands show.

Every heavy library is imported inside these functions, and nowhere above: so `import kerasnn` and `kerasnn --help`
load none of them.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kerasnn.lecture.published import published_range
from kerasnn.lecture.stages import CLASSES, IMAGE_SHAPE, SEED, STAGES
from kerasnn.records import (
    Checkup,
    Comparison,
    DataCheck,
    DataOverview,
    Evaluation,
    Listener,
    ModelSummary,
    Prediction,
    Run,
    StageRow,
    ignore,
)

if TYPE_CHECKING:
    import keras

    from kerasnn.data.dataset import Dataset
    from kerasnn.networks.classifier import Classifier
    from kerasnn.runs.find import FoundModel

RUNS = Path("runs")


def stages() -> tuple[StageRow, ...]:
    """The lecture's stages, in its order."""
    from kerasnn.networks.architecture import design

    rows = []
    for stage in STAGES:
        architecture = design(stage.settings, image_shape=IMAGE_SHAPE, classes=CLASSES)
        scikit_learn = stage.library == "scikit-learn"
        rows.append(
            StageRow(
                stage=stage.name,
                title=stage.title,
                step=stage.step,
                model="SGDClassifier(log_loss)" if scikit_learn else str(architecture),
                optimizer="its own" if scikit_learn else stage.settings.optimizer,
                epochs=stage.settings.epochs,
                batch_size=stage.settings.batch_size,
                parameters=architecture.parameters,
                published=published_range(stage.name),
            )
        )
    return tuple(rows)


def summary(
    stage: str, *, image_shape: tuple[int, int] = IMAGE_SHAPE, classes: int = CLASSES, **overrides: Any
) -> ModelSummary:
    """A stage's layers with the arithmetic of their parameters, for images of `image_shape` in `classes` classes.

    `overrides`: settings to change, as in `train`. Raises: UsageError.
    """
    from kerasnn.networks.architecture import design
    from kerasnn.settings import find_stage, resolve

    chosen = find_stage(stage)
    settings, _ = resolve(chosen, overrides)
    counted = design(settings, image_shape=image_shape, classes=classes).summary(stage)
    if chosen.library == "scikit-learn":
        rows = tuple(replace(row, name="one-vs-rest", type="SGDClassifier") for row in counted.layers)
        counted = replace(counted, layers=rows)
    return counted


def build(
    stage: str, *, image_shape: tuple[int, int] = IMAGE_SHAPE, classes: int = CLASSES, **overrides: Any
) -> "keras.Sequential":
    """A stage's untrained network, compiled; its weights come from the stage's seed.

    It takes float32 of shape (n, 784), or (n, 28, 28) where it begins with Flatten, in [0, 1], and gives
    probabilities of shape (n, classes). Raises: UsageError, also for `sgd`, which is no network.
    """
    from kerasnn.errors import UsageError
    from kerasnn.settings import find_stage, resolve

    chosen = find_stage(stage)
    settings, _ = resolve(chosen, overrides)
    if chosen.library != "keras":
        raise UsageError(f"stage '{stage}' is scikit-learn's and no Keras network", expected="any other stage")
    from kerasnn.networks.architecture import design
    from kerasnn.networks.builders import build as build_network
    from kerasnn.networks.builders import compile_model
    from kerasnn.networks.runtime import make_repeatable

    make_repeatable(settings.seed)
    model = build_network(design(settings, image_shape=image_shape, classes=classes))
    compile_model(model, settings)
    return model


def load_data(
    dataset: str | Path = "auto", *, data_dir: str | Path | None = None, listener: Listener = ignore
) -> "Dataset":
    """A data set, checked and split as the lecture splits it; `.train`, `.validation`, `.test` hold the arrays.

    `dataset`: `auto`, `fashion-mnist`, `garments`, or the path of your own. Raises: DataError.
    """
    from kerasnn.data.load import load

    return load(dataset, Path(data_dir) if data_dir is not None else None, listener)


def train(
    stage: str,
    *,
    dataset: "str | Path | Dataset" = "auto",
    data_dir: str | Path | None = None,
    engine: str | None = None,
    out: str | Path = RUNS,
    listener: Listener = ignore,
    callbacks: "Sequence[keras.callbacks.Callback]" = (),
    **overrides: Any,
) -> Run:
    """Train a stage in a new folder in `out`; returns its record.

    `engine`: `fused` (the default: each epoch one compiled program, in an order of its own) or `keras` (model.fit).

    `overrides`: settings to change: `hidden`, `activation`, `dropout`, `optimizer`, `learning_rate`, `momentum`,
    `nesterov`, `epochs`, `batch_size`, `patience`, `seed`. `listener` is called with Progress, Notice and Download.
    `callbacks`: Keras callbacks; one that looks at batches is served by the engine `keras`, after a notice.
    Raises: UsageError, DataError, EnvironmentFault; TrainingDiverged and Interrupted once what was learnt is kept.
    """
    from kerasnn.runs.execute import execute

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


def evaluate(
    model: str | Path,
    *,
    dataset: "str | Path | Dataset | None" = None,
    data_dir: str | Path | None = None,
    out: str | Path = RUNS,
    listener: Listener = ignore,
) -> Evaluation:
    """How good `model` is on validation and test images.

    `model`: a stage's name (its reference model), `latest`, a run's id, or a path. `dataset`: as in `load_data`;
    None takes what the model learnt from. Raises: ModelFileError, DataError.
    """
    from kerasnn.evaluation import evaluate as measure

    found, classifier = _open(model, out)
    data = _data_for(found, dataset, data_dir, listener)
    return measure(classifier, data, model=found.name, path=str(found.path))


def predict(
    model: str | Path,
    images: Sequence[str | Path] = (),
    *,
    indices: Sequence[int] = (),
    invert: bool = False,
    dataset: "str | Path | Dataset | None" = None,
    data_dir: str | Path | None = None,
    out: str | Path = RUNS,
    listener: Listener = ignore,
) -> tuple[Prediction, ...]:
    """What `model` takes each image for: files in `images`, then test images by their `indices` from 0.

    `invert` swaps dark and light of the files. Raises: ModelFileError, DataError.
    """
    from kerasnn.prediction import predict as judge
    from kerasnn.prediction import questions_from_files, questions_from_test_images
    from kerasnn.runs.find import class_names, image_shape

    found, classifier = _open(model, out)
    names, known = class_names(found, classifier.classes, classifier.input_size)
    questions = questions_from_files(
        [Path(image) for image in images], shape=image_shape(found, classifier.input_size), invert=invert
    )
    if indices:
        data = _data_for(found, dataset, data_dir, listener)
        questions += questions_from_test_images(data, indices)
        names = data.info.classes if not known and data.classes == classifier.classes else names
    return judge(classifier, questions, names)


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

    return compare(_dataset(dataset, data_dir, listener), seeds=seeds, epochs=epochs, folds=folds, listener=listener)


def fetch_data(data_dir: str | Path | None = None, *, listener: Listener = ignore) -> DataCheck:
    """Download what is missing or damaged of Fashion-MNIST, into `data_dir` or Keras' cache; returns the state then.

    Raises: DataError, EnvironmentFault.
    """
    from kerasnn.data import fashion_mnist

    folder = Path(data_dir) if data_dir is not None else fashion_mnist.keras_cache()
    fashion_mnist.fetch(folder, listener)
    return fashion_mnist.check(folder)


def verify_data(data_dir: str | Path | None = None) -> DataCheck:
    """Hold the four files of Fashion-MNIST against their published digests, where they would be taken from."""
    from kerasnn.data import fashion_mnist

    named = fashion_mnist.named_folder(Path(data_dir) if data_dir is not None else None)
    return fashion_mnist.check(named if named is not None else fashion_mnist.keras_cache())


def data_overview(
    dataset: "str | Path | Dataset" = "auto", *, data_dir: str | Path | None = None, listener: Listener = ignore
) -> DataOverview:
    """How many images each class has, and the pixels before and after normalising. `dataset`: as in `load_data`."""
    from kerasnn.data.overview import overview

    return overview(_dataset(dataset, data_dir, listener))


def check_up(out: str | Path = RUNS, *, data_dir: str | Path | None = None) -> Checkup:
    """Look at everything a training needs, as `kerasnn doctor` does."""
    from kerasnn.checkup import check_up as look

    return look(Path(out), Path(data_dir) if data_dir is not None else None)


def _open(model: str | Path, out: str | Path) -> "tuple[FoundModel, Classifier]":
    from kerasnn.networks.storage import open_classifier
    from kerasnn.runs.find import find_model

    found = find_model(str(model), Path(out))
    return found, open_classifier(found.path)


def _data_for(
    found: "FoundModel", dataset: "str | Path | Dataset | None", data_dir: str | Path | None, listener: Listener
) -> "Dataset":
    if dataset is None and found.dataset not in (None, "fashion-mnist"):
        dataset = found.dataset
    return _dataset(dataset if dataset is not None else "auto", data_dir, listener)


def _dataset(dataset: "str | Path | Dataset", data_dir: str | Path | None, listener: Listener) -> "Dataset":
    from kerasnn.data.dataset import Dataset

    return dataset if isinstance(dataset, Dataset) else load_data(dataset, data_dir=data_dir, listener=listener)
