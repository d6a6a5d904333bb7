"""Fixtures: Chromium, and a lab on tiny images of ten classes; both once for each file of tests."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.browser import CHROMIUM, launched
from tests.conftest import stripes
from tests.lab.browser.bench import Bench, opened, quieten
from tests.lab.client import LabProcess, lab_process


def save_ten_classes(folder: Path) -> Path:
    """Save images of the size of Fashion-MNIST's, with a light stripe whose row is the class."""
    learning, test = stripes(400, classes=10, size=28), stripes(60, classes=10, size=28, seed=1)
    path = folder / "stripes.npz"
    np.savez(path, x_train=learning.images, y_train=learning.labels, x_test=test.images, y_test=test.labels)
    return path


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Return a browser; of this file only, for Playwright's event loop is in the way of other tests'."""
    api = pytest.importorskip("playwright.sync_api", reason="wants playwright: pip install axe-playwright-python")
    if CHROMIUM is None:
        pytest.skip("wants chromium")
    with api.sync_playwright() as playwright:
        browser = launched(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def lab(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabProcess]:
    folder = tmp_path_factory.mktemp("lab")
    with lab_process(folder, "--dataset", save_ten_classes(folder)) as started:
        started.wait_until_warm()
        yield started
        assert "Traceback" not in started.said, started.said


@pytest.fixture
def bench(chromium: Any, lab: LabProcess) -> Iterator[Bench]:
    """Return the page, just opened, of a lab where nothing is trained."""
    quieten(lab)
    with opened(chromium, lab) as page:
        yield page


@pytest.fixture(scope="session")
def garment() -> bytes:
    """Return a light shape before a dark ground, as a PNG file."""
    image = np.zeros((60, 50), np.uint8)
    image[10:50, 10:40] = 220
    content = io.BytesIO()
    Image.fromarray(image).save(content, "png")
    return content.getvalue()
