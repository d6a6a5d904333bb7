"""How loss curves are read, as a table of cases."""

import pytest

from kerasnn.records import Epoch
from kerasnn.training.reading import read_curves
from kerasnn.views.curves import reading_sentences


def history(*epochs: tuple[float, float, float]) -> tuple[Epoch, ...]:
    """Epochs of (training loss, validation loss, validation accuracy)."""
    return tuple(Epoch(number, loss, 0.8, val, accuracy) for number, (loss, val, accuracy) in enumerate(epochs, 1))


@pytest.mark.parametrize(
    ("epochs", "best", "verdict", "disagreements"),
    [
        ([(0.5, 0.5, 0.8)], 1, "balanced", ()),
        ([(0.5, 0.5, 0.8), (0.4, 0.4, 0.85)], 2, "underfitting", ()),
        ([(0.5, 0.5, 0.8), (0.4, 0.4, 0.85), (0.3, 0.5, 0.84)], 2, "overfitting", ()),
        ([(0.5, 0.5, 0.8), (0.4, 0.4, 0.85), (0.3, 0.404, 0.84)], 2, "balanced", ()),
        ([(0.5, 0.4, 0.8), (0.6, 0.5, 0.7)], 1, "balanced", ()),  # both rise: that is not overfitting
        ([(0.5, 0.5, 0.8), (0.4, 0.4, 0.79), (0.3, 0.5, 0.9)], 2, "overfitting", (2, 3)),
        ([(0.5, 0.5, 0.8), (0.4, 0.4, 0.8)], 2, "underfitting", ()),  # accuracy stood still
        ([(0.5, 0.5, 0.8), (0.4, 0.5, 0.8)], 1, "balanced", ()),  # the first of equals is the best
    ],
)
def test_readings(
    epochs: list[tuple[float, float, float]], best: int, verdict: str, disagreements: tuple[int, ...]
) -> None:
    reading = read_curves(history(*epochs))
    assert reading is not None
    assert (reading.best_epoch, reading.verdict, reading.disagreements) == (best, verdict, disagreements)


def test_gap_and_rise() -> None:
    reading = read_curves(history((0.5, 0.5, 0.8), (0.3, 0.4, 0.8), (0.2, 0.5, 0.8)))
    assert reading is not None
    assert reading.gap == pytest.approx(0.3)
    assert reading.rise == pytest.approx(0.25)


def test_no_history_no_reading() -> None:
    assert read_curves(()) is None


def test_the_sentences_say_it() -> None:
    epochs = history((0.5, 0.5, 0.8), (0.4, 0.4, 0.79), (0.3, 0.5, 0.9))
    reading = read_curves(epochs)
    assert reading is not None
    text = " ".join(reading_sentences(reading, epochs))
    assert "lowest in epoch 2 of 3 (0.4000)" in text
    assert "0.2000 above the training loss" in text
    assert "rose by 25.0%" in text
    assert "disagreed in epochs 2 and 3" in text
