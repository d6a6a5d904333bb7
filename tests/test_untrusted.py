"""The guarded JSON parser: good JSON gives the same as `json`, anything else a ValueError."""

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerasnn.files.untrusted import DEEPEST, parse_json, read_regular
from kerasnn.networks.files import Unsafe
from kerasnn.networks.files.config import describe

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63) + 1, 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(VALUES)
def test_good_values_come_back(value: Any) -> None:
    assert parse_json(json.dumps(value).encode()) == value


@given(st.binary(max_size=200) | st.text(alphabet='[]{}",:0123456789.eE+-\\ntrufalsn').map(str.encode))
def test_whatever_else_is_a_value_or_a_value_error(content: bytes) -> None:
    try:
        value = parse_json(content)
    except ValueError:
        return
    assert json.loads(content) == value


@given(VALUES)
def test_whatever_is_no_configuration_is_unsafe(value: Any) -> None:
    with pytest.raises(Unsafe):
        describe(value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1), "nested more than 64 levels"),
        (b"[" * 200_000, "nested more than 64 levels"),
        (b'{"a": 1, "b": 2, "a": 3}', "repeats a key"),
        (b"[NaN]", "it contains NaN"),
        (b"[-Infinity]", "it contains -Infinity"),
        (b"[1e999]", "it contains the number 1e999"),
        (b"9223372036854775808", "it contains the number 9223372036854775808"),
        (b"1" * 1_000_000, "it contains the number 11111111111111111111..."),
        ('"é"'.encode("latin-1"), "codec can't decode"),
        (b"{", "Expecting"),
        (b"", "Expecting value"),
    ],
)
def test_what_could_surprise_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=r"it |Expecting|codec") as caught:
        parse_json(content)
    assert words in str(caught.value)


@pytest.mark.parametrize("size", [1 << 20, 16 << 20])  # what a model's configuration and a run's record may have
@pytest.mark.parametrize(
    ("start", "repeated"),
    [
        (b'"', b'\\"'),
        (b'"', b"\\"),
        (b"", b'"'),
        (b"", b'"\\'),
        (b"", b'"['),
        (b"", b"["),
        (b'"', b'a\\"'),
        (b"", b'"a'),
    ],
)
def test_whatever_is_repeated_it_is_refused_at_once(start: bytes, repeated: bytes, size: int) -> None:
    content = (start + repeated * (size // len(repeated)))[:size]
    began = time.process_time()
    with pytest.raises(ValueError, match=r"it is nested|Unterminated|Extra data"):
        parse_json(content)
    assert time.process_time() - began < 5


def test_brackets_within_texts_do_not_count() -> None:
    assert parse_json(json.dumps("[" * 500 + '\\"[').encode()) == "[" * 500 + '\\"['


def test_only_regular_files_of_a_size_are_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"12345")
    assert read_regular(tmp_path / "file", limit=5) == b"12345"
    with pytest.raises(ValueError, match="larger than 4 bytes"):
        read_regular(tmp_path / "file", limit=4)
    with pytest.raises(ValueError, match="not there"):
        read_regular(tmp_path / "nothing", limit=4)
    with pytest.raises(ValueError, match="not a file"):
        read_regular(tmp_path, limit=4)


@pytest.mark.skipif(os.name != "posix", reason="a pipe of Unix")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ValueError, match="not a file"):
        read_regular(tmp_path / "pipe", limit=4)
