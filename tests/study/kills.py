"""Kill workers, and a node, during a batch, and check that every result equals that of an undisturbed batch.

python -m tests.study.kills --jobs 40 --kills 20                  on this machine's processes
python -m tests.study.kills --jobs 40 --kills 20 --ray --node     on a Ray cluster of two nodes on loopback
"""

import argparse
import json
import logging
import multiprocessing
import os
import random
import signal
import sys
import time
from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import Any

from kerasnn.data.dataset import Dataset
from kerasnn.data.load import load_data
from kerasnn.records import Event, Job, Outcome, StudyProgress
from kerasnn.study.pool import MOST_DEATHS, train_all
from kerasnn.study.ray_pool import train_all_on_ray

STAGES = ("adam", "dropout", "softmax", "early-stopping")
PAUSE = 1.0  # seconds between two kills
NOTICED = 60.0  # seconds within which Ray notices that a node is gone


class LocalKiller:
    """A listener that kills a worker at random now and then, but no training so often that it would be given up."""

    def __init__(self, kills: int, seed: int = 0) -> None:
        self.left, self.random = kills, random.Random(seed)
        self.killed: Counter[Job] = Counter()
        self.last = time.monotonic()

    def __call__(self, event: Event) -> None:
        if not isinstance(event, StudyProgress) or not self.left or time.monotonic() - self.last < PAUSE:
            return
        processes = {process.name: process for process in multiprocessing.active_children()}
        victims = [each for each in event.running if self.killed[each.job] < MOST_DEATHS - 1]
        if victims:
            victim = self.random.choice(victims)
            processes[f"kerasnn {victim.worker}"].kill()
            self.killed[victim.job] += 1
            self.left, self.last = self.left - 1, time.monotonic()


class RayKiller:
    """A listener that kills one of this cluster's busy processes now and then, and, once, a whole node."""

    def __init__(self, kills: int, cluster: Any = None, node: Any = None, seed: int = 0) -> None:
        self.left, self.cluster, self.node, self.random = kills, cluster, node, random.Random(seed)
        self.last = time.monotonic()

    def __call__(self, event: Event) -> None:
        if not isinstance(event, StudyProgress) or time.monotonic() - self.last < PAUSE:
            return
        if self.node is not None and event.done >= event.jobs // 3:
            self.cluster.remove_node(self.node, allow_graceful=False)
            self.node, self.last = None, time.monotonic()
        busy = busy_ray_processes() if self.left else []
        if busy:
            os.kill(self.random.choice(busy), signal.SIGKILL)
            self.left, self.last = self.left - 1, time.monotonic()


def nodes_alive(ray: Any, expected: int) -> int:
    """How many nodes Ray takes for living, which may lag behind a kill: so it is asked until it says `expected`."""
    until = time.monotonic() + NOTICED
    while True:
        alive = sum(bool(each["Alive"]) for each in ray.nodes())
        if alive == expected or time.monotonic() > until:
            return alive
        time.sleep(0.5)


def busy_ray_processes() -> list[int]:
    """The processes below this one that are at a training."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                title = (entry / "cmdline").read_bytes()
                if title.startswith(b"ray::train_on_node") and os.getpid() in ancestors(int(entry.name)):
                    found.append(int(entry.name))
            except OSError:
                continue  # it ended meanwhile
    return found


def ancestors(process: int) -> list[int]:
    found = []
    while process > 1:
        process = int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
        found.append(process)
    return found


def batch(count: int) -> list[Job]:
    return [Job(STAGES[place % len(STAGES)], place // len(STAGES)) for place in range(count)]


def by_job(outcomes: list[Outcome]) -> dict[Job, tuple[Any, ...]]:
    """What has to be equal, whatever happened."""
    parts = {each.job: (each.weights, each.history, each.training, each.validation, each.test) for each in outcomes}
    assert len(parts) == len(outcomes), "a result came twice"
    return parts


def local(jobs: list[Job], dataset: Dataset, kills: int, workers: int) -> dict[str, Any]:
    killer = LocalKiller(kills)
    disturbed = by_job(list(train_all(jobs, dataset, workers=workers, listener=killer)))
    undisturbed = by_job(list(train_all(jobs, dataset, workers=workers)))
    return report(jobs, disturbed, undisturbed, kills - killer.left)


def on_ray(jobs: list[Job], dataset: Dataset, kills: int, *, with_node: bool) -> dict[str, Any]:
    ray: Any = import_module("ray")
    clusters: Any = import_module("ray.cluster_utils")
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    cluster = clusters.Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    node = cluster.add_node(num_cpus=1)
    killer = RayKiller(kills, cluster, node if with_node else None)
    ray.init(cluster.address, log_to_driver=False, logging_level=logging.ERROR)
    nodes = nodes_alive(ray, 2)
    try:
        disturbed = by_job(list(train_all_on_ray(jobs, dataset, address=cluster.address, listener=killer)))
        expected = nodes - (with_node and killer.node is None)
        left = nodes_alive(ray, expected)
    finally:
        ray.shutdown()
        cluster.shutdown()
    undisturbed = by_job(list(train_all(jobs, dataset, workers=2)))
    return report(jobs, disturbed, undisturbed, kills - killer.left) | {"nodes": nodes, "nodes_left": left}


def report(jobs: list[Job], disturbed: Any, undisturbed: Any, kills: int) -> dict[str, Any]:
    equal = sum(disturbed.get(job) == undisturbed[job] for job in jobs)
    return {"jobs": len(jobs), "kills": kills, "results": len(disturbed), "equal": equal}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=40)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--ray", action="store_true")
    parser.add_argument("--node", action="store_true", help="kill one of Ray's two nodes too")
    parser.add_argument("--dataset", default="garments")
    chosen = parser.parse_args()
    jobs, dataset = batch(chosen.jobs), load_data(chosen.dataset)
    if chosen.ray:
        found = on_ray(jobs, dataset, chosen.kills, with_node=chosen.node)
    else:
        found = local(jobs, dataset, chosen.kills, chosen.workers)
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
