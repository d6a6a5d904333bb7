"""Progress as text: it fits its width, and says the same in numbers as the event does."""

import pytest
from rich.cells import cell_len

from kerasnn.language import speaking
from kerasnn.records import ACTIVITIES, Download, Epoch, Progress, Working
from kerasnn.views.format import epoch_line
from kerasnn.views.progress import growing_curve, status_line, status_of
from tests.views.test_views import rendered

EVENTS: tuple[Working | Progress | Download, ...] = (
    *map(Working, ACTIVITIES),
    Working("measuring", 3, 12),
    Progress(12, 20, 47_968, 48_000, 0.38921),
    Download("train-images-idx3-ubyte.gz", 12_345_678, 26_421_880),
    Download("train-images-idx3-ubyte.gz", 12_345_678, 0),
)


def finished(epoch: Epoch, *, seconds: float = 0.42, waited: int = 0, patience: int | None = None) -> str:
    return epoch_line(epoch, Progress(epoch.epoch, 20, 48_000, 48_000, epoch.loss, epoch, seconds, waited, patience))


def test_the_line_of_an_epoch_names_its_values() -> None:
    epoch = Epoch(3, 0.43009, 0.8466, 0.39119, 0.85808)
    scores = "epoch  3/20  loss 0.4301  val_loss 0.3912  val_accuracy 0.8581"
    assert finished(epoch) == f"{scores}  0.4 s  new best"
    assert finished(epoch, waited=1) == f"{scores}  0.4 s"
    assert finished(epoch, waited=1, patience=2) == f"{scores}  no better 1/2"


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("loss", [0.00004, 9.99996, 15.4321, 2345.678])
@pytest.mark.parametrize("seconds", [0.04, 9.96, 123.4])
def test_eighty_columns_hold_the_line_of_an_epoch(lang: str, loss: float, seconds: float) -> None:
    with speaking(lang):
        line = finished(Epoch(13, loss, 0.5, loss, 1.0), seconds=seconds, waited=2, patience=3)
    assert cell_len(line) <= 80


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("bare", [False, True])
def test_what_is_going_on_fits_every_width(lang: str, bare: bool) -> None:
    with speaking(lang):
        for event in EVENTS:
            status = status_of(event)
            for width in (20, 40, 60, 80, 120):
                line = status_line(status, 3.2, width, left=75.0, bare=bare).plain
                assert cell_len(line) <= width
                assert status.label in line or width < cell_len(status.label) + 4
            assert not bare or lang == "ko" or line.isascii()


def test_counts_are_counts_and_time_is_named() -> None:
    shown = {width: status_line(status_of(EVENTS[-3]), 3.2, width, left=75.0).plain for width in (60, 80)}
    assert shown[80].endswith("47,968 of 48,000 images  loss 0.3892  75 s left")
    assert len(shown[80]) == 80  # the bar takes what is left
    assert shown[60].endswith("─  loss 0.3892  75 s left")
    assert "12.3 of 26.4 MB" in status_line(status_of(EVENTS[-2]), 3.2, 80).plain
    assert status_line(status_of(EVENTS[-1]), 3.2, 80).plain.endswith("12.3 MB  3.2 s")
    assert status_line(status_of(Working("training")), 61.0, 80).plain.endswith("training  61 s")


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_the_curve_grows_over_an_axis_of_all_epochs(width: int, encoding: str) -> None:
    history = [Epoch(number, 1 / number, 0.8, 0.5 + 1 / number, 0.7) for number in range(1, 11)]

    def reach(epochs: int) -> int:
        body = rendered(growing_curve(history[:epochs], 10, width, 30), width, encoding=encoding).splitlines()[:-2]
        assert len(body) == 6
        assert max(map(cell_len, body)) <= width
        return max(len(line[10:].removesuffix("val_loss").removesuffix("loss").rstrip()) for line in body)

    reached = [reach(epochs) for epochs in range(2, 11)]
    assert reached == sorted(reached)
    assert reached[0] < reached[-1] / 4


def test_no_curve_where_there_is_no_room_or_no_line() -> None:
    history = [Epoch(number, 1 / number, 0.8, 0.5, 0.7) for number in (1, 2)]
    for few in (
        growing_curve(history[:1], 9, 80, 30),
        growing_curve(history, 9, 39, 30),
        growing_curve(history, 9, 80, 12),
    ):
        assert rendered(few) == ""
