"""How learning curves are read: a table of cases, curves with known noise, and the sentences."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import entropy

from kerasnn.records import CurveReading, Epoch, Scores
from kerasnn.records.reading import reading_sentences
from kerasnn.training.reading import chance_of, disagreements_of, read_curves, rise_is_noise, rise_of

GUESSING = Scores(2.302585, 0.1)
FALLING = (0.5, 0.4, 0.3, 0.25, 0.2, 0.15, 0.1, 0.08)


def history(*epochs: tuple[float, float, float]) -> tuple[Epoch, ...]:
    """Epochs of (training loss, validation loss, validation accuracy)."""
    return tuple(Epoch(number, loss, accuracy, val, accuracy) for number, (loss, val, accuracy) in enumerate(epochs, 1))


def read(*epochs: tuple[float, float, float], stopped_early: bool = False, diverged: bool = False) -> CurveReading:
    found = read_curves(history(*epochs), GUESSING, images=12_000, stopped_early=stopped_early, diverged=diverged)
    assert found is not None
    return found


def of_losses(training: tuple[float, ...], validation: tuple[float, ...]) -> CurveReading:
    return read(*((loss, val, 0.8) for loss, val in zip(training, validation, strict=False)))


@pytest.mark.parametrize(
    ("training", "validation", "best", "verdict"),
    [
        (FALLING, (0.5,), 1, "noisy"),
        (FALLING, (0.5, 0.4), 2, "still-learning"),
        (FALLING, (0.5, 0.495), 2, "noisy"),
        (FALLING, (0.5, 0.4, 0.35, 0.33), 4, "still-learning"),
        (FALLING, (0.5, 0.4, 0.5), 2, "noisy"),  # one bad epoch
        (FALLING, (0.5, 0.4, 0.404), 2, "still-learning"),
        (FALLING, (0.5, 0.4, 0.398, 0.401, 0.399), 3, "done"),
        (FALLING, (0.5, 0.4, 0.42, 0.44, 0.46), 2, "noisy"),  # rises for three epochs only
        (FALLING, (0.5, 0.4, 0.42, 0.44, 0.46, 0.48), 2, "overfitting"),
        (FALLING, (0.5, 0.4, 0.41, 0.5, 0.405, 0.52, 0.403, 0.53), 2, "noisy"),  # comes back in between
        ((0.5,) * 8, (0.5, 0.4, 0.42, 0.44, 0.46, 0.48), 2, "noisy"),  # the training loss does not fall
        ((0.5, 0.6, 0.7, 0.9), (0.5, 0.6, 0.7, 0.9), 1, "diverging"),
        ((0.5, 0.7), (0.5, 0.7), 1, "noisy"),  # one bad epoch
        (FALLING, (0.5, 0.4, 0.4), 2, "still-learning"),  # the first of equals is the best
    ],
)
def test_verdicts(training: tuple[float, ...], validation: tuple[float, ...], best: int, verdict: str) -> None:
    found = of_losses(training, validation)
    assert (found.best_epoch, found.verdict) == (best, verdict)


@pytest.mark.parametrize(
    ("validation", "noise"),
    [
        ((0.40, 0.36, 0.34, 0.36, 0.40), False),  # a smooth bend
        ((0.40, 0.38, 0.34, 0.36, 0.33, 0.35, 0.34), True),
        ((0.40, 0.36, 0.33, 0.37, 0.35, 0.39, 0.37, 0.41), False),  # it wavers, and rises by more
        ((0.40, 0.36, 0.34), False),  # the last is the lowest
        ((0.34, 0.35, 0.34), False),  # too few to tell
    ],
)
def test_a_rise_of_no_more_than_the_noise(validation: tuple[float, ...], noise: bool) -> None:
    assert rise_is_noise(history(*((0.5, loss, 0.8) for loss in validation))) is noise


def test_a_stop_too_soon_is_said_to_be_one() -> None:
    stopped = read((0.5, 0.4, 0.8), (0.4, 0.3, 0.85), (0.3, 0.31, 0.85), stopped_early=True)
    assert "too soon" not in " ".join(reading_sentences(stopped))
    assert "since epoch 2 the validation loss" in " ".join(reading_sentences(replace(stopped, hasty=True)))


@pytest.mark.parametrize(
    ("loss", "accuracy", "verdict"),
    [
        (2.3026, 0.1, "not-learning"),
        (2.5, 0.108, "not-learning"),
        (2.5, 0.109, "noisy"),  # three standard errors of 12,000 images are 0.0082
        (2.2, 0.1, "noisy"),
    ],
)
def test_no_better_than_guessing(loss: float, accuracy: float, verdict: str) -> None:
    assert read((loss, loss, accuracy), (loss - 0.01, loss, accuracy)).verdict == verdict


def test_training_images_learnt_by_heart_are_learnt() -> None:
    by_heart = tuple(Epoch(number, 2 / number, 1 - 0.8 / number, 2.3 + 0.1 * number, 0.1) for number in range(1, 9))
    found = read_curves(by_heart, GUESSING, images=12_000)
    assert found is not None
    assert found.verdict == "overfitting"


def test_validation_images_of_one_class_cannot_be_told_apart() -> None:
    labels = np.zeros(7, np.int32)
    chance = chance_of(labels, 3)
    assert (chance, str(chance.loss)) == (Scores(0.0, 1.0), "0.0")
    found = read_curves(history((0.5, 0.3, 1.0), (0.4, 0.2, 1.0)), chance, images=7)
    assert found is not None
    assert found.verdict == "still-learning"


def test_a_training_loss_above_that_of_being_certainly_wrong_has_exploded() -> None:
    assert read((20.0, 0.5, 0.8)).verdict == "diverging"
    assert read((20.0, 0.5, 0.8), (0.5, 0.4, 0.8)).verdict != "diverging"  # it has come back


def test_how_it_ended_comes_first() -> None:
    rising = tuple(zip(FALLING, (0.5, 0.4, 0.42, 0.44, 0.46, 0.48), (0.8,) * 6, strict=False))
    assert read(*rising, stopped_early=True).verdict == "done"
    assert read(*rising, diverged=True).verdict == "diverging"
    assert read((2.4, 2.4, 0.1), stopped_early=True).verdict == "not-learning"


@pytest.mark.parametrize(
    "losses",
    [
        (1.6, 0.45, 2.3, 2.3, 2.3, 2.3),
        (5.0, 0.6, 0.5, 2.3, 2.3, 2.3, 2.3),
        (5.0, 0.6, 0.5, 0.45, 2.31, 2.31, 2.31, 2.31),
        (1.6, 0.5, 0.45, 1.2, 1.3, 1.4, 1.5),
    ],
)
def test_a_steep_fall_is_no_noise(losses: tuple[float, ...]) -> None:
    assert of_losses(losses, losses).verdict == "diverging"


@pytest.mark.parametrize("epochs", [8, 10, 20, 40])
@pytest.mark.parametrize(("rise", "least", "most"), [(0.0, 0.0, 0.05), (0.08, 0.95, 1.0)])
def test_noise_is_no_divergence(epochs: int, rise: float, least: float, most: float) -> None:
    """A training loss of few images that wavers by a third, and one that rises by four times its noise."""
    random = np.random.default_rng(epochs)
    noise = random.normal(0, 0.02, (400, epochs))
    rises = rise * np.arange(epochs)
    validation = tuple(0.05 + rises)
    verdicts = [of_losses(tuple(np.maximum(0.07 + rises + each, 0.01)), validation).verdict for each in noise]
    assert least <= verdicts.count("diverging") / 400 <= most


def test_a_network_that_is_at_its_best_does_not_diverge() -> None:
    assert of_losses((0.03, 0.04, 0.06, 0.08, 0.1, 0.12), (0.5, 0.4, 0.3, 0.2, 0.15, 0.1)).verdict == "still-learning"


@pytest.mark.parametrize("epochs", [6, 10, 20, 40])
@pytest.mark.parametrize(("rise", "least", "most"), [(0.0, 0.0, 0.05), (0.02, 0.95, 1.0)])
def test_noise_is_no_overfitting(epochs: int, rise: float, least: float, most: float) -> None:
    """A validation loss that stays the same but for noise of 5 %, and one that rises by four times its noise."""
    random = np.random.default_rng(epochs)
    training, trend = tuple(np.linspace(0.5, 0.1, epochs)), 0.4 + rise * np.arange(epochs)
    noise = random.normal(0, 0.005 if rise else 0.02, (400, epochs))
    verdicts = [of_losses(training, tuple(trend + each)).verdict for each in noise]
    assert least <= verdicts.count("overfitting") / 400 <= most


@pytest.mark.parametrize(
    ("epochs", "disagreements"),
    [
        ([(0.5, 0.5, 0.8), (0.4, 0.4, 0.85), (0.3, 0.5, 0.84)], ()),
        ([(0.5, 0.5, 0.8), (0.4, 0.4, 0.79), (0.3, 0.5, 0.9)], (2, 3)),
        ([(0.5, 0.5, 0.8), (0.4, 0.4, 0.8)], ()),  # accuracy stood still
        ([(0.5, 0.5, 0.8), (0.4, 0.5, 0.9)], ()),
    ],
)
def test_disagreements(epochs: list[tuple[float, float, float]], disagreements: tuple[int, ...]) -> None:
    assert disagreements_of(history(*epochs)) == disagreements
    assert read(*epochs).disagreements == disagreements


def test_gap_and_rise() -> None:
    epochs = ((0.5, 0.5, 0.8), (0.3, 0.4, 0.8), (0.2, 0.5, 0.8))
    assert read(*epochs).gap == pytest.approx(0.3)
    assert read(*epochs).rise == pytest.approx(0.25)
    assert rise_of(history(*epochs)) == pytest.approx(0.25)
    assert rise_of(history((0.0, 0.0, 1.0))) == 0.0


def test_no_history_no_reading() -> None:
    assert read_curves((), GUESSING, images=100) is None


@pytest.mark.parametrize("counts", [(10, 10, 10), (70, 20, 10), (0, 90, 10)])
def test_chance_is_the_entropy_of_the_labels(counts: tuple[int, ...]) -> None:
    labels = np.repeat(np.arange(len(counts)), counts).astype(np.int32)
    chance = chance_of(labels, len(counts))
    assert chance.loss == pytest.approx(float(entropy(counts)))
    assert chance.accuracy == pytest.approx(max(counts) / sum(counts))


def test_the_sentences_say_it() -> None:
    found = read((0.5, 0.5, 0.8), (0.4, 0.4, 0.79), (0.3, 0.5, 0.9))
    text = " ".join(reading_sentences(replace(found, next_command="kerasnn train")))
    assert "lowest in epoch 2 of 3 (0.4000)" in text
    assert "0.2000 above the training loss" in text
    assert "25.0% higher" in text
    assert "Too early to tell" in text
    assert "disagreed in epochs 2, 3" in text
    assert text.endswith("Next: kerasnn train")


def test_early_stopping_is_told_as_such() -> None:
    found = read((0.5, 0.5, 0.8), (0.4, 0.4, 0.79), (0.3, 0.45, 0.9), (0.2, 0.45, 0.9), stopped_early=True)
    text = " ".join(reading_sentences(found))
    assert "early stopping ended the training after epoch 4" in text
    assert "since epoch 2, and restored the weights of that epoch" in text
    assert "patience" not in text
