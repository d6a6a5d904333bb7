"""Checkpoints: what is written is read back bit for bit; a damaged file is refused, whatever the damage."""

import io
import json
import os
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from kerasnn.errors import EnvironmentFault, ModelFileError
from kerasnn.records import Epoch, Json
from kerasnn.runs import checkpoint
from kerasnn.training.state import State

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
ANY_ARRAYS = st.lists(
    st.one_of(
        arrays(np.float32, array_shapes(min_dims=0, max_dims=2, max_side=4)),
        arrays(np.int64, array_shapes(min_dims=0, max_dims=1, max_side=4)),
        arrays(np.uint32, array_shapes(min_dims=1, max_dims=1, max_side=2)),
    ),
    max_size=4,
).map(tuple)


def epochs(rows: list[tuple[float, float, float, float]]) -> tuple[Epoch, ...]:
    return tuple(Epoch(number + 1, *row) for number, row in enumerate(rows))


STATES = st.builds(
    State,
    history=st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS), min_size=1, max_size=4).map(epochs),
    weights=ANY_ARRAYS,
    best_weights=ANY_ARRAYS,
    optimizer=ANY_ARRAYS,
    generators=ANY_ARRAYS,
    compile_seconds=st.floats(0, 1e9),
    train_seconds=st.floats(0, 1e9),
)
SIMPLE = State(
    epochs([(0.5, 0.6, 0.7, 0.8)]), (np.arange(6, dtype=np.float32).reshape(2, 3),), (), (np.array(3),), (), 1.0, 2.0
)
PRINT: dict[str, Json] = {"stage": "adam", "hidden": [6], "learning_rate": 0.001}


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    checkpoint.write(tmp_path, PRINT, SIMPLE)
    return tmp_path / "checkpoint" / "state.npz"


@SHARED
@given(state=STATES)
def test_what_is_written_is_read(state: State, tmp_path: Path) -> None:
    checkpoint.write(tmp_path, PRINT, state)
    kept = checkpoint.read(tmp_path)
    assert kept is not None
    assert kept.fingerprint == PRINT
    assert kept.state.history == state.history
    assert (kept.state.compile_seconds, kept.state.train_seconds) == (state.compile_seconds, state.train_seconds)
    for group in checkpoint.GROUPS:
        ours, theirs = getattr(state, group), getattr(kept.state, group)
        assert [(a.dtype, a.shape, a.tobytes()) for a in ours] == [(a.dtype, a.shape, a.tobytes()) for a in theirs]


def test_there_is_none_before_the_first_epoch(tmp_path: Path) -> None:
    assert checkpoint.read(tmp_path) is None


def test_it_moves_beside_the_model_once_the_run_is_done(kept: Path) -> None:
    content = kept.read_bytes()
    checkpoint.move_beside_model(kept.parent.parent)
    assert not kept.parent.exists()
    assert (kept.parent.parent / "state.npz").read_bytes() == content
    checkpoint.move_beside_model(kept.parent.parent)
    assert (kept.parent.parent / "state.npz").read_bytes() == content


@SHARED
@given(data=st.data())
def test_no_changed_byte_passes_for_the_state(data: st.DataObject, tmp_path: Path) -> None:
    checkpoint.write(tmp_path, PRINT, SIMPLE)
    path = tmp_path / "checkpoint" / "state.npz"
    content = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    _same_or_refused(tmp_path)


@SHARED
@given(length=st.integers(0, 4000))
def test_no_shorter_file_passes_for_the_state(length: int, tmp_path: Path) -> None:
    checkpoint.write(tmp_path, PRINT, SIMPLE)
    path = tmp_path / "checkpoint" / "state.npz"
    path.write_bytes(path.read_bytes()[:length] if length < path.stat().st_size else b"")
    with pytest.raises(ModelFileError, match="is damaged"):
        checkpoint.read(tmp_path)


def _same_or_refused(folder: Path) -> None:
    """A byte that means nothing, such as a date in the zip, may change; what is read is never another state."""
    try:
        kept = checkpoint.read(folder)
    except ModelFileError:
        return
    assert kept is not None
    assert kept.state.history == SIMPLE.history
    assert (kept.state.weights[0] == SIMPLE.weights[0]).all()
    assert kept.fingerprint == PRINT


def rewritten(path: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> None:
    """The checkpoint with some members replaced, its checksums right again."""
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    content |= {f"{name}.npy": value for name, value in members.items()}
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, value in content.items():
            archive.writestr(name, value)


def npy(array: Any, **options: Any) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array, **options)
    return stream.getvalue()


def header(**changes: Any) -> bytes:
    told = {
        "format": 1,
        "fingerprint": PRINT,
        "history": [{"epoch": 1, "loss": 0.5, "accuracy": 0.6, "val_loss": 0.7, "val_accuracy": 0.8}],
        "seconds": {"compile": 1.0, "train": 2.0},
        "arrays": {"weights": 1, "best_weights": 0, "optimizer": 1, "generators": 0},
    }
    return npy(np.frombuffer(json.dumps(told | changes).encode(), np.uint8))


@pytest.mark.skipif(os.name != "posix", reason="a pipe of Unix")
@pytest.mark.parametrize("place", ["checkpoint/state.npz", "state.npz"])
def test_a_pipe_is_not_waited_for(place: str, tmp_path: Path) -> None:
    (tmp_path / "checkpoint").mkdir()
    os.mkfifo(tmp_path / place)
    with pytest.raises(ModelFileError, match="is damaged: it is not a file"):
        checkpoint.read(tmp_path)


def test_the_best_epochs_weights_are_there_where_it_is_not_the_last(tmp_path: Path) -> None:
    history = epochs([(0.5, 0.6, 0.7, 0.8), (0.5, 0.6, 0.9, 0.8)])
    checkpoint.write(tmp_path, {**PRINT, "patience": 3}, replace(SIMPLE, history=history))
    with pytest.raises(ModelFileError, match="it lacks the weights of its best epoch"):
        checkpoint.read(tmp_path)
    checkpoint.write(tmp_path, {**PRINT, "patience": 3}, replace(SIMPLE, history=history, best_weights=SIMPLE.weights))
    assert checkpoint.read(tmp_path) is not None


def test_the_header_as_this_test_makes_it_is_good(kept: Path) -> None:
    rewritten(kept, {"header": header()})
    assert checkpoint.read(kept.parent.parent) is not None


@pytest.mark.parametrize(
    "members",
    [
        {"weights_0": npy(np.array([print], object), allow_pickle=True)},  # a pickle
        {"weights_0": npy(np.zeros(3)).replace(b"(3,)", b"(9,)")},
        {"weights_0": npy(np.zeros(3)).replace(b"(3,), ", b"(3000000000000,), ")},
        {"weights_0": b"nothing of the kind"},
        {"weights_0": npy(np.zeros(3)).replace(b"}", b"\n")},  # numpy takes it for an expression that goes on
        {"header": header(format=2)},
        {"header": header(history=[])},
        {"header": header(history=[{"epoch": 2, "loss": 0.5, "accuracy": 0.6, "val_loss": 0.7, "val_accuracy": 0.8}])},
        {"header": header(history=[{"epoch": 1, "loss": "0", "accuracy": 0.6, "val_loss": 0.7, "val_accuracy": 0.8}])},
        {"header": header(history=[{"epoch": 1, "colour": 0.5}])},
        {"header": header(arrays={"weights": 10**9, "best_weights": 0, "optimizer": 0, "generators": 0})},
        {"header": header(seconds=None)},
        *(
            {"header": header(seconds={"compile": 1.0, "train": value})}
            for value in ("x", None, True, -1.0, float("nan"), float("inf"), 10**400)
        ),
        *(
            {"header": header(arrays={"weights": count, "best_weights": 0, "optimizer": 1, "generators": 0})}
            for count in (float("inf"), 1.0, "1", True, -1)
        ),
        *(
            {
                "header": header(
                    history=[{"epoch": epoch, "loss": loss, "accuracy": 1.0, "val_loss": 1.0, "val_accuracy": 1.0}]
                )
            }
            for epoch, loss in ((True, 0.5), (1, float("nan")), (1.0, 0.5))
        ),
        {"header": npy(np.frombuffer(b"[" * 100_000, np.uint8))},
    ],
)
def test_a_file_made_up_by_someone_is_refused(members: dict[str, bytes], kept: Path) -> None:
    rewritten(kept, members)
    with pytest.raises(ModelFileError, match="is damaged"):
        checkpoint.read(kept.parent.parent)


def test_parts_that_unpack_to_more_than_they_are(kept: Path) -> None:
    rewritten(kept, {}, zipfile.ZIP_DEFLATED)
    with pytest.raises(ModelFileError, match="its members are compressed"):
        checkpoint.read(kept.parent.parent)


def test_one_that_cannot_be_written_leaves_the_one_before(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = kept.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(EnvironmentFault, match="No space left"):
        checkpoint.write(kept.parent.parent, PRINT, SIMPLE)
    assert kept.read_bytes() == before
    assert [path.name for path in kept.parent.iterdir()] == ["state.npz"]
