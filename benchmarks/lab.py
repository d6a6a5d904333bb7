"""Measure the lab as its users meet it: its start, a training from the order to the first event, and many pages."""

import json
import os
import statistics
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Final

from benchmarks.processes import KERASNN

PAGES: Final = 40
DRAWINGS: Final = 5.0  # a second and page
FIRST: Final = ("progress", "epoch")
IMAGE: Final = [0] * 300 + [200] * 184 + [0] * 300


@dataclass(frozen=True)
class Measured:
    """What was measured: `value` in `unit`, and the `goal` that it should stay below, or above."""

    name: str
    value: float
    unit: str
    goal: str


@dataclass(frozen=True)
class Server:
    """A lab in a process of its own, that began at `began` by `time.perf_counter`."""

    port: int
    token: str
    began: float

    def ask(self, path: str, body: object = None) -> Any:
        """Return the JSON of an answer, or its text."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=120)) as connection:
            return self.ask_by(connection, path, body)

    def ask_by(self, connection: HTTPConnection, path: str, body: object = None) -> Any:
        """Return the JSON of an answer, or its text, over an open connection."""
        content = None if body is None else json.dumps(body)
        headers = {"authorization": f"Bearer {self.token}", "content-type": "application/json"}
        connection.request("GET" if body is None else "POST", path, content, headers)
        answer = connection.getresponse()
        text = answer.read()
        return json.loads(text) if "json" in (answer.getheader("content-type") or "") else text

    def train(self, stage: str, **overrides: Any) -> Iterator[tuple[float, str, Mapping[str, Any]]]:
        """Order a training, and yield its events with the seconds since the order."""
        began = time.perf_counter()
        run = self.ask("/api/trainings", {"stage": stage, "overrides": overrides})["run"]
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=120)) as connection:
            connection.request("GET", f"/api/trainings/{run}/events", headers={"authorization": f"Bearer {self.token}"})
            answer, kind = connection.getresponse(), ""
            while line := answer.readline().decode().strip() or answer.readline().decode().strip():
                if line.startswith("event: "):
                    kind = line.removeprefix("event: ")
                else:
                    yield time.perf_counter() - began, kind, json.loads(line.removeprefix("data: "))

    def first_point(self, stage: str, **overrides: Any) -> float:
        """Train one epoch, and return the seconds from the order to the first point of the curve."""
        events = [*self.train(stage, epochs=1, **overrides)]
        return next(seconds for seconds, kind, _content in events if kind in FIRST)


@contextmanager
def started(folder: Path) -> Iterator[Server]:
    """Start a lab, and end it after the block."""
    began = time.perf_counter()
    words = [*KERASNN, "lab", "--port", "0", "--json", "--no-browser"]
    with subprocess.Popen(words, cwd=folder, stdout=subprocess.PIPE, env=os.environ) as process:
        assert process.stdout is not None
        try:
            found = json.loads(process.stdout.readline())
            yield Server(found["port"], found["token"], began)
        finally:
            process.terminate()


def measure(folder: Path, rounds: int) -> Iterator[Measured]:
    """Yield all that is measured; medians of so many `rounds`."""
    with started(folder) as server:
        server.ask("/")
        yield Measured("from kerasnn lab to its page", time.perf_counter() - server.began, "s", "1.0")
        while not server.ask("/api/lab")["ready"]:
            time.sleep(0.02)
        yield Measured("from kerasnn lab to a warm trainer", time.perf_counter() - server.began, "s", "5.0")
        yield from _trainings(server, folder, rounds)
        yield from _pages(server)


def _trainings(server: Server, folder: Path, rounds: int) -> Iterator[Measured]:
    same = [server.first_point("adam", learning_rate=0.001 * (1 + number)) for number in range(rounds)]
    yield Measured("from Train to the first point, another rate", statistics.median(same), "s", "0.5")
    stage = [server.first_point(name) for _ in range(rounds) for name in ("dropout", "softmax")]
    yield Measured("from Train to the first point, another stage", statistics.median(stage), "s", "0.5")
    shape = [server.first_point("adam", hidden=[60 + number]) for number in range(rounds)]
    yield Measured("from Train to the first point, another shape", statistics.median(shape), "s", "2.0")
    here, alone = [], []
    for _ in range(rounds):
        here.append([*server.train("adam", epochs=5)][-1][0])
        began = time.perf_counter()
        command = [*KERASNN, "train", "adam", "--epochs", "5", "--quiet", "--json"]
        subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        alone.append(time.perf_counter() - began)
    yield Measured("adam, five epochs, from Train to done", statistics.median(here), "s", "")
    times = statistics.median(alone) / statistics.median(here)
    yield Measured("kerasnn train adam over that", times, "times", "at least 2.5")


def _pages(server: Server) -> Iterator[Measured]:
    """Measure the answers to many pages that draw while a training runs, and what they do to it."""
    quiet = _epoch_seconds(server)
    answers: list[float] = []
    over = threading.Event()
    pages = [threading.Thread(target=_draw, args=(server, over, answers, number)) for number in range(PAGES)]
    for page in pages:
        page.start()
    busy = _epoch_seconds(server)
    over.set()
    for page in pages:
        page.join()
    worst = statistics.quantiles(answers, n=20)[-1]
    yield Measured(f"{PAGES} pages that draw: 95th percentile of {len(answers)} answers", 1000 * worst, "ms", "150")
    yield Measured("an epoch meanwhile, over one alone", busy / quiet, "times", "1.3")


def _epoch_seconds(server: Server) -> float:
    events = server.train("adam", epochs=15)
    return float(statistics.median(content["seconds"] for _seconds, kind, content in events if kind == "epoch"))


def _draw(server: Server, over: threading.Event, answers: list[float], number: int) -> None:
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=120)) as connection:
        over.wait(number / PAGES / DRAWINGS)
        while not over.is_set():
            began = time.perf_counter()
            server.ask_by(connection, "/api/predictions", {"model": "adam", "pixels": IMAGE})
            answers.append(time.perf_counter() - began)
            over.wait(max(0.0, 1 / DRAWINGS - answers[-1]))
