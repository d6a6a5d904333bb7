"""The engine `keras` compared with Keras called directly: the same history, weights and last epoch."""

from typing import Any

import numpy as np
import pytest

from kerasnn.data.dataset import Dataset, Part
from kerasnn.lecture.hyperparameters import Settings
from kerasnn.lecture.settings import find_stage, resolve
from kerasnn.networks.architecture import design
from kerasnn.networks.runtime import keras, make_repeatable
from kerasnn.records import Event, Listener, Progress, ignore
from kerasnn.training.network import train_network
from kerasnn.training.state import Conduct


def settings_of(stage: str, **overrides: Any) -> Settings:
    return resolve(find_stage(stage), {"hidden": [6], **overrides})[0]


def scaled(part: Part) -> Any:
    return part.images.astype("float32") / 255


def by_hand(settings: Settings, data: Dataset, *callbacks: Any) -> tuple[Any, Any]:
    """Train as the slides do: a model with Flatten, a hidden layer and dropout."""
    make_repeatable(settings.seed)
    layers = [keras.layers.Flatten(), keras.layers.Dense(settings.hidden[0], activation=settings.activation)]
    if settings.dropout:
        layers.append(keras.layers.Dropout(settings.dropout))
    model = keras.Sequential([keras.Input(data.info.shape), *layers, keras.layers.Dense(3, activation="softmax")])
    model.compile(optimizer=settings.optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(
        scaled(data.train),
        data.train.labels,
        validation_data=(scaled(data.validation), data.validation.labels),
        epochs=settings.epochs,
        batch_size=settings.batch_size,
        callbacks=list(callbacks),
        verbose=0,
    )
    return model, history


def trained(settings: Settings, data: Dataset, listener: Listener = ignore) -> tuple[Any, Any]:
    architecture = design(settings, image_shape=data.info.shape, classes=3)
    return train_network(architecture, settings, data, engine="keras", conduct=Conduct(listener))


@pytest.mark.parametrize(
    "stage", ["dropout", *(pytest.param(name, marks=pytest.mark.full) for name in ("relu", "adam"))]
)
def test_history_and_weights_are_those_of_plain_keras(stage: str, tiny: Dataset) -> None:
    settings = settings_of(stage, epochs=3)
    model, training = trained(settings, tiny)
    theirs, history = by_hand(settings, tiny)
    for name in ("loss", "accuracy", "val_loss", "val_accuracy"):
        assert [getattr(epoch, name) for epoch in training.history] == history.history[name]
    assert all((a == b).all() for a, b in zip(model.get_weights(), theirs.get_weights(), strict=True))
    assert training.outcome == "done"
    assert (training.stopped_epoch, training.kept_epoch, training.keras_stopped_epoch) == (3, 3, None)


# slow, so `make test` relies on the resumed early stopping of tests/runs
# with the small rate the loss falls in every epoch: then the patience is never needed, whatever it is
@pytest.mark.full
@pytest.mark.parametrize(
    ("patience", "rate"),
    [(1, 0.3), (2, 0.01), (0, 0.3), (2, 1.0), (4, 1.0)],
)
def test_early_stopping_ends_as_keras_callback_does(patience: int, rate: float, tiny: Dataset) -> None:
    settings = settings_of("early-stopping", epochs=12, patience=patience, learning_rate=rate)
    model, training = trained(settings, tiny)
    stopper = keras.callbacks.EarlyStopping(patience=patience, restore_best_weights=True)
    theirs, history = by_hand_with_rate(settings, tiny, stopper)
    assert training.stopped_epoch == len(history.history["loss"])
    assert (training.stopped_epoch < settings.epochs) == (rate != 0.01)
    assert training.keras_stopped_epoch == stopper.stopped_epoch
    assert training.kept_epoch == training.best_epoch == stopper.best_epoch + 1
    assert all((a == b).all() for a, b in zip(model.get_weights(), theirs.get_weights(), strict=True))


def by_hand_with_rate(settings: Settings, data: Dataset, stopper: Any) -> tuple[Any, Any]:
    class Rate(keras.callbacks.Callback):  # type: ignore[misc]
        def on_train_begin(self, logs: Any = None) -> None:
            self.model.optimizer.learning_rate = settings.learning_rate

    return by_hand(settings, data, Rate(), stopper)


@pytest.mark.full
def test_the_same_seed_twice_is_bitwise_the_same(tiny: Dataset) -> None:
    settings = settings_of("dropout", epochs=2)
    (first, one), (second, two) = trained(settings, tiny), trained(settings, tiny)
    assert one.history == two.history
    assert all((a == b).all() for a, b in zip(first.get_weights(), second.get_weights(), strict=True))


@pytest.mark.full
@pytest.mark.parametrize(
    "overrides",
    [
        {"optimizer": "sgd", "momentum": 0.9, "nesterov": True},
        {"optimizer": "rmsprop", "momentum": 0.5},
        {"optimizer": "adagrad", "learning_rate": 0.05},
        {"hidden": [9, 8, 7], "activation": "tanh", "dropout": 0.2},
        {"batch_size": 1},
        {"batch_size": 10_000},
    ],
)
def test_every_setting_trains(overrides: dict[str, Any], tiny: Dataset) -> None:
    model, training = trained(settings_of("relu", epochs=2, **overrides), tiny)
    assert len(training.history) == 2
    assert all(np.isfinite(weight).all() for weight in model.get_weights())


@pytest.mark.full
def test_learning_happens(tiny: Dataset) -> None:
    _, training = trained(settings_of("adam", epochs=20, learning_rate=0.01), tiny)
    assert training.history[-1].val_accuracy > 0.9


def test_divergence_keeps_the_last_good_state(tiny: Dataset) -> None:
    settings = settings_of("relu", activation="linear", optimizer="sgd", learning_rate=1000.0, epochs=9)
    model, training = trained(settings, tiny)
    assert training.outcome == "diverged"
    assert training.kept_epoch == training.stopped_epoch == len(training.history) < 9
    assert all(np.isfinite(weight).all() for weight in model.get_weights())


@pytest.mark.full
def test_an_interrupt_keeps_the_last_whole_epoch(tiny: Dataset) -> None:
    settings = settings_of("adam", epochs=9)

    def impatient(event: Event) -> None:
        if isinstance(event, Progress) and event.finished and event.epoch == 2:
            raise KeyboardInterrupt

    model, training = trained(settings, tiny, impatient)
    shorter, _ = trained(settings_of("adam", epochs=2), tiny)
    assert (training.outcome, training.stopped_epoch) == ("stopped", 2)
    assert all((a == b).all() for a, b in zip(model.get_weights(), shorter.get_weights(), strict=True))


def test_progress_counts_images_and_reports_every_epoch(tiny: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kerasnn.training.network.REPORT_SECONDS", 0.0)
    events: list[Event] = []
    settings = settings_of("adam", epochs=2)
    trained(settings, tiny, events.append)
    progress = [event for event in events if isinstance(event, Progress)]
    assert [event.epoch for event in progress if event.finished] == [1, 2]
    first = [event.seen for event in progress if event.epoch == 1]
    assert first == [32, 64, 96, 128, 160, 162, 162]  # the last batch is smaller; then the epoch is over
