"""Progress of a call without a listener: in a notebook's kernel, and nowhere else."""

import sys
from itertools import count
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

import kerasnn
from kerasnn.data.dataset import Dataset
from kerasnn.records import Download, Notice, Progress, show_in_notebook

EPOCHS = 3
CELLS = count(1)  # a kernel never uses a number twice


class Screen:
    """What a notebook shows: the last text of each display."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def display(self, data: dict[str, str], *, raw: bool, display_id: bool) -> Any:
        assert raw
        assert display_id
        self.texts.append(data["text/plain"])
        place = len(self.texts) - 1

        def update(data: dict[str, str], *, raw: bool) -> None:
            self.texts[place] = data["text/plain"]

        return SimpleNamespace(update=update)


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Screen]:
    """A stand-in for IPython in a kernel; the lecture's notebook is tested with the real one."""
    screen, cell = Screen(), SimpleNamespace(kernel=object(), execution_count=next(CELLS))
    ipython, display = ModuleType("IPython"), ModuleType("IPython.display")
    vars(ipython)["get_ipython"] = lambda: cell
    vars(display)["display"] = screen.display
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    monkeypatch.setitem(sys.modules, "IPython.display", display)
    return cell, screen


@pytest.mark.usefixtures("quick_engine")
def test_a_training_leaves_one_line_an_epoch(shell: tuple[Any, Screen], even: Dataset) -> None:
    run = kerasnn.train("relu", dataset=even, hidden=[4], epochs=EPOCHS)
    (text,) = shell[1].texts
    lines = [line for line in text.splitlines() if line.startswith("epoch ")]
    assert len(lines) == EPOCHS == len(run.history)
    for line, epoch in zip(lines, run.history, strict=True):
        assert f"{epoch.val_loss:.4f}" in line


def test_another_cell_has_its_own_lines(shell: tuple[Any, Screen]) -> None:
    cell, screen = shell
    show_in_notebook(Notice("first"))
    show_in_notebook(Notice("second"))
    cell.execution_count = next(CELLS)
    show_in_notebook(Notice("third"))
    assert screen.texts == ["first\nsecond", "third"]


def test_a_line_that_moves_is_replaced_and_goes_when_done(shell: tuple[Any, Screen]) -> None:
    _cell, screen = shell
    show_in_notebook(Download("a.gz", 500_000, 1_000_000))
    assert screen.texts == ["downloading a.gz  0.5 of 1.0 MB"]
    for done in range(500_001, 500_050):  # faster than it may be redrawn
        show_in_notebook(Download("a.gz", done, 1_000_000))
    show_in_notebook(Download("a.gz", 1_000_000, 1_000_000))
    assert screen.texts == ["downloaded a.gz, 1,000,000 bytes"]


def test_a_listener_takes_its_place(shell: tuple[Any, Screen]) -> None:
    events: list[Any] = []
    kerasnn.load_data("garments", listener=events.append)
    assert shell[1].texts == []


def test_elsewhere_nothing_is_shown(
    shell: tuple[Any, Screen], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    cell, screen = shell
    event = Progress(epoch=1, epochs=2, seen=3, images=4, loss=0.5)
    del cell.kernel  # IPython on a terminal
    show_in_notebook(event)
    monkeypatch.setitem(sys.modules, "IPython", ModuleType("IPython"))
    vars(sys.modules["IPython"])["get_ipython"] = lambda: None  # imported by a script
    show_in_notebook(event)
    monkeypatch.delitem(sys.modules, "IPython")
    show_in_notebook(event)
    assert screen.texts == []
    assert capfd.readouterr() == ("", "")
