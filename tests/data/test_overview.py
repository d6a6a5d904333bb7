"""What `data show` tells of a user's own data."""

from pathlib import Path

import numpy as np
import pytest

import kerasnn
from kerasnn.cli.app import main
from kerasnn.records import Event
from tests.conftest import stripes


def test_it_tells_how_the_data_were_read_once(surroundings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    part = stripes(60)
    np.savez("mine.npz", x=(part.images / 255).astype(np.float32)[..., None], y=part.labels)
    assert main(["data", "show", "mine.npz"]) == 0
    printed = capsys.readouterr()
    changes = "Read with changes: the axis of the single channel was removed; float32 pixels x became bytes: x * 255;"
    assert changes in " ".join(printed.out.split())
    assert "Read with changes" not in printed.err


def test_a_library_call_tells_it_in_the_record_alone(surroundings: Path) -> None:
    part = stripes(60)
    np.savez("mine.npz", x=part.images, y=part.labels)
    events: list[Event] = []
    overview = kerasnn.data_overview("mine.npz", listener=events.append)
    assert [note.code for note in overview.dataset.conversions] == ["test-held-out"]
    assert not [event for event in events if "Read with changes" in str(event)]
    kerasnn.load_data("mine.npz", listener=events.append)
    assert [event for event in events if "Read with changes" in str(event)]
