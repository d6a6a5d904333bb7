"""Ray: the same outcomes as this machine's processes, with a process and a node killed in the middle."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from kerasnn.data.dataset import Dataset
from kerasnn.errors import EnvironmentFault
from kerasnn.records import Job
from kerasnn.study.ray_pool import train_all_on_ray

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


@needs_ray
@pytest.mark.parametrize("address", ["127.0.0.1:9", "nowhere", "ray://127.0.0.1:9", "host:port"])
def test_no_cluster_is_told_in_seconds(address: str, tiny: Dataset) -> None:
    with pytest.raises(EnvironmentFault, match=f"there is no Ray cluster at '{address}'"):
        next(train_all_on_ray([Job("softmax", 1)], tiny, address=address))


def test_without_ray_the_extra_is_named(tiny: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(EnvironmentFault, match="Ray is not installed") as caught:
        next(train_all_on_ray([Job("softmax", 1)], tiny, address="local"))
    assert caught.value.hint == "python -m pip install 'kerasnn[ray]'"
