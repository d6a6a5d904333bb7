"""The trainings of this start of the lab: each with all that was reported of it, for whoever listens and when."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from kerasnn.lab.orders import Command, Order, Report
from kerasnn.networks.forward import Network

ENDS: Final = ("done", "stopped", "failed")
MOST_UNREAD: Final = 64  # events; a listener who is further behind gets no more progress within an epoch
MOST_LISTENERS: Final = 100  # of all trainings together
GUESS: Final = "guess.json"  # in the folder of a training: what was expected of it
MOST_ASKED: Final = 100  # commands before a training begins; of more, the last ones count
MOST_KEPT: Final = 50  # trainings; of older ones the folder tells


@dataclass(frozen=True)
class Event:
    """What happened in a training. `kind`: as in `Report`, or `state`."""

    kind: str
    content: Mapping[str, Any]


@dataclass
class Training:
    """A training that the lab was asked for. `network`: its weights as last reported; `state`: what it is doing.

    `is_stopping`: it was asked to stop. `is_retried`: its process ended before it had begun, and another one tries.
    `asked`: the commands so far, for the process that begins it.
    """

    order: Order
    state: str = "queued"
    lasting: list[Event] = field(default_factory=list)  # what a late listener gets: everything but progress
    progress: Event | None = None  # the last one, within the epoch
    network: Network | None = None
    listeners: list[asyncio.Queue[Event]] = field(default_factory=list)
    is_stopping: bool = False
    is_retried: bool = False
    asked: deque[Command] = field(default_factory=lambda: deque(maxlen=MOST_ASKED))

    @property
    def run(self) -> str:
        return self.order.folder.name

    @property
    def is_over(self) -> bool:
        return self.state in ENDS

    def take(self, report: Report) -> None:
        """Note a report, and pass it on to all listeners."""
        event = Event(report.kind, report.content)
        self.network = report.network or self.network
        if report.kind == "state":
            self.state = report.content["state"]
        elif report.kind in ENDS:
            self.state, self.network = report.kind, None  # from now on the run's folder has it
        passing = report.kind in ("progress", "state")
        if not passing:
            self.lasting.append(event)
        self.progress = event if report.kind == "progress" else self.progress if passing else None
        for queue in self.listeners:
            if not passing or queue.qsize() < MOST_UNREAD:
                queue.put_nowait(event)

    async def events(self) -> AsyncIterator[Event]:
        """Yield all epochs so far and the state, then what happens until the training is over."""
        queue: asyncio.Queue[Event] = asyncio.Queue()
        for event in (*self.lasting, Event("state", {"state": self.state}), self.progress):
            if event is not None and not (self.is_over and event.kind == "state"):
                queue.put_nowait(event)
        self.listeners.append(queue)
        try:
            while True:
                event = await queue.get()
                yield event
                if event.kind in ENDS:
                    return
        finally:
            self.listeners.remove(queue)


class Trainings:
    """All trainings by their run, oldest first, and the queue of those that wait."""

    def __init__(self) -> None:
        self.by_run: dict[str, Training] = {}
        self.waiting: deque[Training] = deque()
        self.current: Training | None = None

    @property
    def listeners(self) -> int:
        return sum(len(each.listeners) for each in self.by_run.values())

    def add(self, order: Order) -> Training:
        """Put a training into the queue."""
        training = Training(order)
        over = [run for run, each in self.by_run.items() if each.is_over and not each.listeners]
        for run in over[: max(0, len(self.by_run) + 1 - MOST_KEPT)]:
            del self.by_run[run]
        self.by_run[training.run] = training
        self.waiting.append(training)
        return training
