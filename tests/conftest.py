"""Shared fixtures: no network, no home folder of the user, tiny data; the real data if KERASNN_DATA_DIR names it."""

import contextlib
import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import settings

from kerasnn.cli.app import main
from kerasnn.data.dataset import Dataset, Part, RawDataset, split
from kerasnn.data.load import garments as draw_garments
from kerasnn.language import set_language
from tests.skips import unexcused

REAL_DATA = os.environ.get("KERASNN_DATA_DIR") or None  # an empty value counts as unset
CLOSED_PORT = "http://127.0.0.1:9/"
EVEN = 160  # four fifths of them are two pairs of batches of 32

settings.register_profile("busy machine", deadline=None)
settings.load_profile("busy machine")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--no-skips", action="store_true", help="Fail if a test is skipped without an excuse (tests/skips.py)."
    )


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """With --no-skips, fail if a test was skipped that tests/skips.py does not excuse."""
    if session.exitstatus == pytest.ExitCode.OK and _unexcused(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    for line in _unexcused(config):
        terminalreporter.write_line(f"SKIPPED WITHOUT AN EXCUSE {line}", red=True)


def _unexcused(config: pytest.Config) -> list[str]:
    reporter: Any = config.pluginmanager.get_plugin("terminalreporter")  # none in a worker of xdist
    return unexcused(reporter.stats.get("skipped", [])) if reporter and config.getoption("no_skips") else []


@pytest.fixture(autouse=True)
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test its own working folder and Keras home, and a mirror that does not answer."""
    work = tmp_path / "work"
    work.mkdir()
    surround(monkeypatch, home=tmp_path / "keras-home", work=work)
    return work


def surround(patch: pytest.MonkeyPatch, *, home: Path, work: Path) -> None:
    patch.setenv("KERAS_HOME", str(home))
    patch.setenv("KERASNN_MIRROR", CLOSED_PORT)
    patch.setenv("COLUMNS", "100")
    patch.delenv("KERASNN_DATA_DIR", raising=False)
    patch.setenv("KERASNN_LANG", "en")
    patch.setenv("TF_CPP_MIN_LOG_LEVEL", "3")  # -v changes it for the whole process
    set_language(None)
    patch.chdir(work)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder with the real Fashion-MNIST; tests that need it are skipped without it."""
    if REAL_DATA is None:
        pytest.skip("wants the real Fashion-MNIST: set KERASNN_DATA_DIR to the folder with its four files")
    return Path(REAL_DATA)


def stripes(count: int, *, classes: int = 3, size: int = 6, seed: int = 0) -> Part:
    """Draw tiny noisy images with a light stripe whose row depends on the class: easy to learn."""
    random = np.random.RandomState(seed)
    labels = np.arange(count, dtype=np.int32) % classes
    images = random.randint(0, 90, (count, size, size))
    for index, label in enumerate(labels):
        images[index, label * size // classes] += 150
    return Part(images.astype(np.uint8), labels)


def tiny_source(count: int = 203, classes: int = 3) -> RawDataset:
    """Return stripes to learn from and to test on. With 203 images the last training batch is smaller."""
    names = tuple(f"stripe {label}" for label in range(classes))
    test = stripes(31, classes=classes, seed=1)
    return RawDataset("stripes", "made by a test", stripes(count, classes=classes), test, names)


@pytest.fixture(scope="session")
def tiny() -> Dataset:
    return split(tiny_source())


@pytest.fixture(scope="session")
def even() -> Dataset:
    """Like `tiny`, but with 128 training images, two pairs of batches of 32: `fused` compiles in half the time."""
    return split(tiny_source(EVEN))


@pytest.fixture
def quick_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    prefer_keras(monkeypatch)


def prefer_keras(patch: pytest.MonkeyPatch) -> None:
    """Make `keras` the default engine: for so few images it takes a third of the time of `fused`."""
    patch.setattr("kerasnn.training.train.KERAS_ENGINES", ("keras", "fused"))


@pytest.fixture
def few_garments(monkeypatch: pytest.MonkeyPatch) -> RawDataset:
    return draw_few(monkeypatch)


def draw_few(patch: pytest.MonkeyPatch) -> RawDataset:
    """Replace garments by the first 800 to learn from and 200 to test on."""
    every = garments_to_split()
    found = replace(every, learning=first(every.learning, 800), test=first(every.test, 200))
    patch.setattr("kerasnn.data.load.garments", lambda: found)
    return found


@cache
def garments_to_split() -> RawDataset:
    return draw_garments()


def first(part: Part, count: int) -> Part:
    return Part(part.images[:count], part.labels[:count])


@pytest.fixture(scope="session")
def garments() -> Dataset:
    return split(garments_to_split())


@pytest.fixture
def npz(surroundings: Path) -> Path:
    """Return the data set `even` as a user's .npz file."""
    return save_npz(surroundings / "stripes.npz", count=EVEN)


@contextmanager
def working_in(folder: Path) -> Iterator[Path]:
    """Make `folder` the working folder for fixtures of a whole file, isolated like that of a test."""
    with pytest.MonkeyPatch.context() as patch:
        surround(patch, home=folder / "keras-home", work=folder)
        yield folder


def printed_json(*words: object, code: int = 0) -> Any:
    """Return the JSON that a command prints, for fixtures that several tests share."""
    out, said = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(said):
        ended = main([*map(str, words), "--json"])
    assert ended == code, said.getvalue()
    return json.loads(out.getvalue())


def save_npz(path: Path, count: int = 203) -> Path:
    source = tiny_source(count)
    learning, test = source.learning, source.test
    np.savez(path, x_train=learning.images, y_train=learning.labels, x_test=test.images, y_test=test.labels)
    (path.parent / "classes.txt").write_text("\n".join(source.classes) + "\n", encoding="utf-8")
    return path
