"""The engine `fused`: compared with `fit` in the same order; its own orders, masks, slices and last batches."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from kerasnn.data.dataset import Dataset
from kerasnn.lecture.hyperparameters import Settings
from kerasnn.lecture.settings import find_stage, resolve
from kerasnn.networks.architecture import design
from kerasnn.networks.builders import build, compile_model, network_of
from kerasnn.networks.evaluation import score
from kerasnn.networks.runtime import keras, make_repeatable, tf
from kerasnn.records import Compiling, Event, Listener, Notice, Progress, ignore
from kerasnn.training import fused, fused_program
from kerasnn.training.fused_program import drop, mask_keys
from kerasnn.training.monitor import Watch
from kerasnn.training.network import train_network
from kerasnn.training.state import Conduct
from tests.conftest import first

FULL = pytest.mark.full


def settings_of(stage: str, **overrides: Any) -> Settings:
    return resolve(find_stage(stage), overrides)[0]


def trained(settings: Settings, data: Dataset, listener: Listener = ignore, **options: Any) -> tuple[Any, Any]:
    architecture = design(settings, image_shape=data.info.shape, classes=data.classes)
    return train_network(architecture, settings, data, engine="fused", conduct=Conduct(listener, **options))


@pytest.fixture(scope="module")
def fewer(garments: Dataset) -> Dataset:
    """The first 1,920 garments to train with: an epoch of 60 batches."""
    part = first(garments.train, 1920)
    return replace(garments, info=replace(garments.info, train=len(part)), train=part)


def unshuffled_history(settings: Settings, data: Dataset, *, by_fit: bool) -> list[tuple[float, float, float, float]]:
    """Return the history of a training on unshuffled images, from the same initial weights."""
    architecture = design(settings, image_shape=data.info.shape, classes=data.classes)
    make_repeatable(settings.seed)
    model = build(architecture)
    compile_model(model, settings)
    if by_fit:
        parts = [
            (part.images.reshape(len(part), *architecture.input_shape).astype("float32") / 255, part.labels)
            for part in (data.train, data.validation)
        ]
        options = {"epochs": settings.epochs, "batch_size": settings.batch_size, "shuffle": False, "verbose": 0}
        logs = model.fit(*parts[0], validation_data=parts[1], **options).history
        return list(zip(*(logs[name] for name in ("loss", "accuracy", "val_loss", "val_accuracy")), strict=True))
    watch = Watch(settings, len(data.train))
    unshuffled = np.arange(len(data.train), dtype=np.int32)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fused, "shuffled", lambda seed, images: lambda epoch: unshuffled)
        fused.run(model, architecture, data, watch, [watch])
    return [(each.loss, each.accuracy, each.val_loss, each.val_accuracy) for each in watch.history]


@pytest.mark.parametrize(
    "overrides",
    [
        pytest.param({}, marks=FULL),  # pairs of batches, and nothing left of the 1,920 images
        {"batch_norm": True, "batch_size": 50},  # a smaller batch is left
        pytest.param({"optimizer": "rmsprop", "batch_size": 50}, marks=FULL),
        pytest.param({"optimizer": "adagrad", "learning_rate": 0.05, "batch_size": 128}, marks=FULL),  # a whole one
        # a whole and a smaller one
        pytest.param({"optimizer": "sgd", "momentum": 0.9, "nesterov": True, "batch_size": 9}, marks=FULL),
        # nothing but a smaller batch
        pytest.param({"batch_size": 100_000, "hidden": [20, 10], "activation": "tanh"}, marks=FULL),
    ],
)
def test_the_same_order_gives_the_history_of_fit(overrides: dict[str, Any], fewer: Dataset) -> None:
    settings = settings_of("adam", epochs=4, **overrides)
    ours = unshuffled_history(settings, fewer, by_fit=False)
    theirs = unshuffled_history(settings, fewer, by_fit=True)
    for epoch, (a, b) in enumerate(zip(ours, theirs, strict=True)):
        tolerance = 1e-4 if epoch == 0 else 5e-3
        assert a[0] == pytest.approx(b[0], abs=tolerance)
        assert a[2] == pytest.approx(b[2], abs=tolerance)
        assert a[1] == pytest.approx(b[1], abs=5e-3)
        assert a[3] == pytest.approx(b[3], abs=5e-3)


@pytest.mark.parametrize(
    "stage",
    [
        "dropout",
        *(
            pytest.param(name, marks=FULL)
            for name in ("softmax", "hidden", "relu", "adam", "early-stopping", "overfit")
        ),
    ],
)
def test_every_stage_trains_and_the_same_seed_is_bitwise_the_same(stage: str, even: Dataset) -> None:
    settings = settings_of(stage, epochs=3)
    (model, one), (again, two) = trained(settings, even), trained(settings, even)
    assert one.history == two.history
    assert all((a == b).all() for a, b in zip(model.get_weights(), again.get_weights(), strict=True))


@pytest.mark.full
def test_with_a_smaller_batch_too_the_same_seed_is_the_same_and_another_is_another(tiny: Dataset) -> None:
    (model, _), (again, _), (other, _) = (trained(settings_of("dropout", epochs=3, seed=s), tiny) for s in (42, 42, 43))
    pairs = list(zip(model.get_weights(), again.get_weights(), other.get_weights(), strict=True))
    assert all((a == b).all() for a, b, _ in pairs)
    assert all((a != c).any() for a, _, c in pairs)


@pytest.mark.full
def test_an_engine_before_it_in_the_process_changes_nothing(even: Dataset) -> None:
    settings = settings_of("dropout", epochs=2)
    before, _ = trained(settings, even)
    architecture = design(settings, image_shape=(6, 6), classes=3)
    train_network(architecture, settings, even, engine="keras")
    again, _ = trained(settings, even)
    assert all((a == b).all() for a, b in zip(before.get_weights(), again.get_weights(), strict=True))


def test_every_epoch_has_an_order_of_its_own() -> None:
    order = fused.shuffled(42, 100)
    assert (order(3) == order(3)).all()
    assert (order(3) != order(4)).any()
    assert (fused.shuffled(43, 100)(3) != order(3)).any()
    assert sorted(order(0)) == list(range(100))


def test_dropout_masks_differ_by_seed_layer_epoch_and_step_and_keep_the_scale() -> None:
    compiled = tf.function(
        lambda key, step: drop(tf.ones((500, 200)), 0.3, key, step), jit_compile=True, autograph=False
    )

    def mask(seed: int, layer: int, epoch: int, step: int) -> Any:
        key = mask_keys(seed, epoch, layer + 1)[layer]
        return compiled(tf.constant(key), tf.constant(step)).numpy()

    moments = [(42, 2, 0, 0), (43, 2, 0, 0), (42, 4, 0, 0), (42, 2, 1, 0), (42, 2, 0, 1)]
    masks = [mask(*moment) for moment in moments]
    assert (mask(*moments[0]) == masks[0]).all()
    for number, each in enumerate(masks):
        assert set(np.unique(each)) == {np.float32(0), np.float32(1) / np.float32(0.7)}
        assert (each == 0).mean() == pytest.approx(0.3, abs=0.01)
        assert each.mean() == pytest.approx(1, abs=0.02)
        # two independent masks agree in 0.7 * 0.7 + 0.3 * 0.3 of the places
        assert all((each == other).mean() == pytest.approx(0.58, abs=0.01) for other in masks[number + 1 :])


@pytest.mark.full
def test_the_validation_metrics_are_those_of_the_kept_model(tiny: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fused, "MOST_AT_ONCE", 15)  # 41 images: three portions, the last filled up
    settings = settings_of("dropout", epochs=2)
    model, training = trained(settings, tiny)
    found = score(network_of(model, design(settings, image_shape=(6, 6), classes=3)), tiny.validation)
    last = training.history[-1]
    assert (last.val_loss, last.val_accuracy) == pytest.approx((found.loss, found.accuracy), rel=1e-5)


@pytest.mark.full
@pytest.mark.parametrize(
    ("weights_times_images", "seen"),
    [pytest.param(1e9, [64, 160, 162], marks=FULL), (1.0, [32, 64, 96, 128, 160, 162])],
)
def test_progress_moves_within_an_epoch(
    tiny: Dataset, monkeypatch: pytest.MonkeyPatch, weights_times_images: float, seen: list[int]
) -> None:
    monkeypatch.setattr(fused_program, "SLICE", weights_times_images)
    events: list[Event] = []
    trained(settings_of("adam", epochs=2, batch_size=16), tiny, events.append)
    assert isinstance(events[0], Compiling)
    first = [event.seen for event in events if isinstance(event, Progress) and event.epoch == 1]
    assert first == seen
    assert [event.epoch for event in events if isinstance(event, Progress) and event.finished] == [1, 2]


class Epochs(keras.callbacks.Callback):  # type: ignore[misc]
    """Records its calls, and stops after two epochs."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[Any] = []

    def on_train_begin(self, logs: Any = None) -> None:
        self.calls.append("begin")

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self.calls.append(epoch)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.calls.append(sorted(logs))
        self.model.optimizer.learning_rate = 1e-6
        self.model.stop_training = epoch == 1

    def on_train_end(self, logs: Any = None) -> None:
        self.calls.append("end")


class Batches(keras.callbacks.Callback):  # type: ignore[misc]
    """Counts batches."""

    count = 0

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.count += 1


def test_callbacks_are_told_of_epochs(even: Dataset) -> None:
    callback = Epochs()
    model, training = trained(settings_of("adam"), even, callbacks=[callback])
    names = ["accuracy", "loss", "val_accuracy", "val_loss"]
    assert callback.calls == ["begin", 0, names, 1, names, "end"]
    assert training.stopped_epoch == 2
    assert model.history.history["loss"] == [epoch.loss for epoch in training.history]


@pytest.mark.full
def test_a_callback_changes_the_learning_rate(even: Dataset) -> None:
    slowed, _ = trained(settings_of("adam", epochs=2), even, callbacks=[Epochs()])
    once, _ = trained(settings_of("adam", epochs=1), even)
    apart = max(np.abs(a - b).max() for a, b in zip(slowed.get_weights(), once.get_weights(), strict=True))
    assert 0 < apart < 1e-4


def test_a_callback_for_batches_is_served_by_keras(tiny: Dataset) -> None:
    callback, events = Batches(), list[Event]()
    _, training = trained(settings_of("adam", epochs=2), tiny, events.append, callbacks=[callback])
    assert callback.count == 2 * 6
    assert training.engine == "keras"
    assert [event.text for event in events if isinstance(event, Notice)] == [
        "A callback has hooks for batches, which the engine 'fused' cannot call: the engine 'keras' trains instead"
    ]


def test_divergence_keeps_the_last_good_state(even: Dataset) -> None:
    settings = settings_of("relu", activation="linear", optimizer="sgd", learning_rate=1000.0, epochs=9)
    model, training = trained(settings, even)
    assert training.outcome == "diverged"
    assert training.kept_epoch == len(training.history) < 9
    assert all(np.isfinite(weight).all() for weight in model.get_weights())


@pytest.mark.full
def test_an_interrupt_keeps_the_last_whole_epoch(tiny: Dataset) -> None:
    def impatient(event: Event) -> None:
        if isinstance(event, Progress) and event.epoch == 3 and event.seen > 50:
            raise KeyboardInterrupt

    model, training = trained(settings_of("adam", epochs=9, batch_size=16), tiny, impatient)
    shorter, _ = trained(settings_of("adam", epochs=2, batch_size=16), tiny)
    assert (training.outcome, training.stopped_epoch) == ("stopped", 2)
    assert all((a == b).all() for a, b in zip(model.get_weights(), shorter.get_weights(), strict=True))


def test_an_interrupt_while_it_is_compiled_keeps_the_first_weights(tiny: Dataset) -> None:
    def interrupt(event: Event) -> None:
        if isinstance(event, Compiling):
            raise KeyboardInterrupt

    settings = settings_of("adam")
    model, training = trained(settings, tiny, interrupt)
    make_repeatable(settings.seed)
    fresh = build(design(settings, image_shape=(6, 6), classes=3), paired=True)
    assert all((a == b).all() for a, b in zip(model.get_weights(), fresh.get_weights(), strict=True))
    assert (training.outcome, training.history, training.kept_epoch) == ("stopped", (), 0)


@pytest.mark.parametrize("asked", [True, False])
def test_what_a_second_interrupt_breaks_in_tensorflow_is_a_stop(asked: bool, tiny: Dataset) -> None:
    """A SystemError counts as a stop once the training was asked to stop; otherwise it is raised."""

    def broken(event: Event) -> None:
        if isinstance(event, Compiling):
            raise SystemError("bad argument to internal function")

    if asked:
        _, training = trained(settings_of("adam"), tiny, broken, stopping=lambda: asked)
        assert training.outcome == "stopped"
    else:
        with pytest.raises(SystemError):
            trained(settings_of("adam"), tiny, broken, stopping=lambda: asked)


@FULL
@pytest.mark.parametrize("overrides", [{}, {"batch_size": 50}])  # the second leaves a smaller batch over
def test_batch_by_batch_gives_the_same_bits(overrides: dict[str, Any], fewer: Dataset) -> None:
    settings = settings_of("dropout", epochs=2, **overrides)
    pace = [1, 1, 1, 2, 1, None, 5, 4, 3, 1, None]

    def gate() -> int | None:
        return pace.pop() if pace else None

    whole, by_steps = trained(settings, fewer)[0], trained(settings, fewer, gate=gate)[0]
    assert not pace
    for one, other in zip(network_of_model(whole), network_of_model(by_steps), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_gate_is_asked_before_every_batch(fewer: Dataset) -> None:
    settings, seen = settings_of("softmax", epochs=1), list[int]()

    def listen(event: Event) -> None:
        if isinstance(event, Progress):
            seen.append(event.seen)

    trained(settings, fewer, listen, gate=lambda: 1)
    assert seen == [*range(32, 1921, 32), 1920]  # the last one is that of the finished epoch


def network_of_model(model: keras.Sequential) -> list[Any]:
    return [np.asarray(weights) for weights in model.get_weights()]
