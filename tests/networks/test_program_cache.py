"""The cache of XLA programs: what was written is found again, and nothing else; without it everything goes on."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from kerasnn.networks import program_cache
from kerasnn.networks.files.open import open_classifier
from kerasnn.networks.program_cache import programs_kept
from kerasnn.networks.xla_folder import FOLDERS
from kerasnn.study.job import weights_digest, weights_of
from tests.conftest import stripes

PROGRAM = bytes(range(256)) * 40


def compiled(known: object, content: bytes = PROGRAM) -> bytes | None:
    """Stand in for XLA: take up the program in its folder, or write one; return what was taken up."""
    with programs_kept(known):
        file = FOLDERS[0] / "program.pb"
        found = file.read_bytes() if file.exists() else None
        if found is None:
            file.write_bytes(content)
    assert not list(FOLDERS[0].glob("*.pb"))
    return found


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "keras-home" / "kerasnn" / "programs"


def only_file(cache: Path) -> Path:
    (file,) = cache.iterdir()
    return file


def test_what_was_written_is_found_under_its_key_alone(cache: Path) -> None:
    assert compiled("a") is None
    assert compiled("a") == PROGRAM
    assert compiled("b", b"other") is None
    assert (compiled("a"), compiled("b")) == (PROGRAM, b"other")
    assert cache.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("switch", ["XLA_FLAGS", "TF_XLA_FLAGS", "TF_ENABLE_ONEDNN_OPTS"])
def test_another_switch_is_another_program(switch: str, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled("a")
    monkeypatch.setenv(switch, "1")
    assert compiled("a") is None


@pytest.mark.parametrize("place", [0, 5, 40, 2000, -1])
def test_a_flipped_bit_is_noticed_and_mended(place: int, cache: Path) -> None:
    compiled("a")
    content = bytearray(only_file(cache).read_bytes())
    content[place] ^= 1
    only_file(cache).write_bytes(content)
    assert compiled("a") is None
    assert compiled("a") == PROGRAM


@pytest.mark.parametrize("length", [0, 1, 31, 32, 33, 5000])
def test_a_file_cut_short_is_noticed(length: int, cache: Path) -> None:
    compiled("a")
    os.truncate(only_file(cache), length)
    assert compiled("a") is None


def test_a_whole_file_of_another_program_is_noticed(cache: Path) -> None:
    compiled("a")
    first = only_file(cache)
    compiled("b", b"other")
    (second,) = set(cache.iterdir()) - {first}
    second.replace(first)
    assert compiled("a") is None


def test_a_folder_that_others_may_write_to_is_neither_read_nor_written(cache: Path) -> None:
    compiled("a")
    cache.chmod(0o777)
    assert compiled("a") is None
    assert compiled("b") is None
    assert only_file(cache)


def test_the_working_folder_is_never_used(surroundings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for home in (".", "here"):
        monkeypatch.setenv("KERAS_HOME", home)
        assert (compiled("a"), compiled("a")) == (None, None)
    assert not list(surroundings.iterdir())


def blocked(cache: Path) -> None:
    cache.parent.mkdir(parents=True)
    cache.write_text("a file where the folder should be")


def in_the_way(cache: Path) -> None:
    compiled("a")
    file = only_file(cache)
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize("make", [blocked, in_the_way])
def test_where_it_cannot_be_kept_it_is_compiled(make: Callable[[Path], None], cache: Path) -> None:
    make(cache)
    assert (compiled("a"), compiled("a")) == (None, None)


def test_on_a_full_disk_it_is_compiled(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(PROGRAM), before[1]))  # the program fits, the cache's file does not
    try:
        assert (compiled("a"), compiled("a")) == (None, None)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not list(cache.iterdir())


def test_it_forgets_what_was_not_used_for_longest(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled("a")
    monkeypatch.setattr(program_cache, "MOST_BYTES", 3 * only_file(cache).stat().st_size)
    for age, known in enumerate("cb", start=1):
        before = set(cache.iterdir())
        compiled(known)
        (file,) = set(cache.iterdir()) - before
        os.utime(file, (age * 1000, age * 1000))
    assert compiled("c") == PROGRAM  # older than b until now
    compiled("d")
    assert len(list(cache.iterdir())) == 3
    assert compiled("c") == PROGRAM
    assert compiled("b") is None


def train(*, home: Path, data: Path, place: Path) -> tuple[list[object], str]:
    """Train in a new process; return its history, and the digest of its weights."""
    words = [
        "train",
        "--stage",
        "dropout",
        "--epochs",
        "2",
        "--dataset",
        str(data),
        "--out",
        str(place),
        "--json",
        "-q",
    ]
    command, environment = [sys.executable, "-m", "kerasnn", *words], {**os.environ, "KERAS_HOME": str(home)}
    done = subprocess.run(command, capture_output=True, env=environment, check=True)
    run = json.loads(done.stdout)
    return run["history"], weights_digest(weights_of(open_classifier(Path(run["model"]))))


@pytest.fixture
def evenly(tmp_path: Path) -> Path:
    learning, test = stripes(160), stripes(31, seed=1)
    path = tmp_path / "even.npz"
    np.savez(path, x_train=learning.images, y_train=learning.labels, x_test=test.images, y_test=test.labels)
    return path


@pytest.mark.full
def test_damaged_and_foreign_programs_change_no_weight(tmp_path: Path, evenly: Path, cache: Path) -> None:
    def again() -> tuple[list[object], str]:
        return train(home=tmp_path / "keras-home", data=evenly, place=tmp_path / "runs")

    fresh = again()
    file = only_file(cache)
    written, content = file.stat().st_ino, file.read_bytes()
    assert again() == fresh
    assert file.stat().st_ino == written  # it was taken up, not written again
    for damaged in (content[:-1], content[:2000] + bytes(64) + content[2064:], content[::-1]):
        file.write_bytes(damaged)
        assert again() == fresh
        assert file.read_bytes() != damaged
