"""Ray: the same outcomes as with this machine's processes, even if a process and a node are killed."""

import json
import socket
import subprocess
import sys
import threading
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kerasnn.data.dataset import Dataset
from kerasnn.errors import EnvironmentFault
from kerasnn.networks.backend import backend
from kerasnn.records import Job
from kerasnn.runs.environment import versions
from kerasnn.study import ray_task
from kerasnn.study.ray_pool import train_all_on_ray
from kerasnn.study.ray_task import ProgressNotes
from kerasnn.study.worker import Failed

ROOT = Path(__file__).resolve().parent.parent.parent
needs_ray = pytest.mark.skipif(find_spec("ray") is None, reason="wants Ray: python -m pip install 'kerasnn[ray]'")


@needs_ray
def test_a_killed_process_and_a_killed_node_lose_and_double_nothing() -> None:
    words = ["--ray", "--node", "--jobs", "6", "--kills", "2"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.study.kills", *words], capture_output=True, text=True, check=True, cwd=ROOT
    )
    found = json.loads(done.stdout.splitlines()[-1])
    assert found == {"jobs": 6, "kills": 2, "results": 6, "equal": 6, "nodes": 2, "nodes_left": 1}


def test_a_node_without_memory_says_so(tiny: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(*_: Any) -> None:
        raise MemoryError

    monkeypatch.setattr("kerasnn.study.job.run_job", exhausted)
    monkeypatch.setattr(ray_task, "dataset_and_programs", lambda data: (data, None))
    notes = SimpleNamespace(write=SimpleNamespace(remote=lambda *_: None))
    answer = ray_task.train_on_node(0, Job("adam", 1), [tiny], versions(backend()), notes)
    assert isinstance(answer, Failed)
    assert answer.error.message == "a worker ran out of memory"


@needs_ray
@pytest.mark.parametrize("address", ["127.0.0.1:9", "nowhere", "ray://127.0.0.1:9", "host:port"])
def test_no_cluster_is_told_in_seconds(address: str, tiny: Dataset) -> None:
    with pytest.raises(EnvironmentFault, match=f"there is no Ray cluster at '{address}'"):
        next(train_all_on_ray([Job("softmax", 1)], tiny, address=address))


@needs_ray
def test_whoever_else_listens_there_is_told_in_seconds(tiny: Dataset) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def answer() -> None:
            with server.accept()[0] as connection:
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        threading.Thread(target=answer).start()
        with pytest.raises(EnvironmentFault, match="no answer within 5 seconds"):
            next(train_all_on_ray([Job("softmax", 1)], tiny, address=f"127.0.0.1:{port}"))


def test_notes_tell_what_is_under_way() -> None:
    notes = ProgressNotes()
    notes.write(3, "node 1", 0)
    notes.write(5, "node 2", 0)
    notes.write(3, "node 1", 4)
    rows = {place: row[:2] for place, row in notes.read([3, 4, 5]).items()}
    assert rows == {3: ("node 1", 4), 5: ("node 2", 0)}
    assert list(notes.read([5])) == [5]  # finished ones are forgotten
    assert list(notes.read([3, 5])) == [5]


def test_without_ray_the_extra_is_named(tiny: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(EnvironmentFault, match="Ray is not installed") as caught:
        next(train_all_on_ray([Job("softmax", 1)], tiny, address="local"))
    assert caught.value.hint == "python -m pip install 'kerasnn[ray]'"
