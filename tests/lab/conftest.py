"""Fixtures: a real lab on tiny images, and the application of one in this process, without a trainer."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from kerasnn.data.dataset import Dataset
from kerasnn.lab.app import App, Opened
from kerasnn.lab.guard import Door, Guard
from kerasnn.lab.lab import Lab, Place
from kerasnn.lab.models import Models
from kerasnn.lab.routes import application
from kerasnn.study.shared_dataset import SharedDataset
from tests.conftest import EVEN, save_npz
from tests.lab.client import Driver, LabProcess, lab_process

PORT = 8421
TOKEN = "the-token-of-a-test"


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabProcess]:
    """Return a lab with a warm trainer on the data set `even`; tests that harm it start their own."""
    folder = tmp_path_factory.mktemp("lab")
    save_npz(folder / "stripes.npz", count=EVEN)
    with lab_process(folder, "--dataset", "stripes.npz") as started:
        started.wait_until_warm()
        yield started
        assert "Traceback" not in started.said, started.said


@pytest.fixture
def driver(even: Dataset, surroundings: Path) -> Iterator[Driver]:
    """Return the guarded application of a lab whose trainer never starts: what is ordered stays in the queue."""
    yield from driving(even, surroundings)


@pytest.fixture
def page(garments: Dataset, surroundings: Path) -> Iterator[Driver]:
    """Return the same on the embedded garments, which have the size of the reference models' images."""
    yield from driving(garments, surroundings)


def driving(data: Dataset, folder: Path) -> Iterator[Driver]:
    loop = asyncio.new_event_loop()

    async def opened() -> App:
        app = App(lambda: data, folder / "runs", "en")
        lab = Lab(Place(data, app.runs), SharedDataset(data.info, folder))
        app.opened.set_result(Opened(lab, Models(data, app.runs, lab.trainings)))
        return app

    app = loop.run_until_complete(opened())
    yield Driver(Guard(application(app), Door(TOKEN, "127.0.0.1", PORT)), loop, PORT, TOKEN)
    loop.close()
