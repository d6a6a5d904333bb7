"""`kerasnn lab`: the server on this machine, from its start to Ctrl-C."""

import asyncio
import os
import secrets
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Final

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from kerasnn.data.dataset import Dataset
from kerasnn.errors import EnvironmentFault
from kerasnn.lab.app import App
from kerasnn.lab.guard import EVERYWHERE, Door, Guard
from kerasnn.lab.routes import application
from kerasnn.language import _, language
from kerasnn.platforms import allow_restart, stopping_signals

MOST_CONNECTIONS: Final = 300  # a browser opens up to six for a page
SLOWEST_HEAD: Final = 10.0  # seconds for the head of a request


@dataclass(frozen=True)
class Served:
    """A lab that answers. `url`: to open in a browser, with the token that every request needs."""

    url: str
    port: int
    token: str
    pid: int


def serve(load: Callable[[], Dataset], *, runs: Path, host: str, port: int, announce: Callable[[Served], None]) -> None:
    """Serve the lab until SIGINT or SIGTERM. `load` returns the images; `announce` is called once it answers.

    Raises: EnvironmentFault if the port is taken; as `load`.
    """
    with listening(host, port) as listener:
        door = Door(secrets.token_urlsafe(24), host, listener.getsockname()[1])
        reached = "127.0.0.1" if host in EVERYWHERE else host
        shown = f"[{reached}]" if ":" in reached else reached
        url = f"http://{shown}:{door.port}/?token={door.token}"
        served = Served(url, door.port, door.token, os.getpid())
        asyncio.run(_serve(load, runs, door, listener, lambda: announce(served)))


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens on `port` of `host`; port 0: any free one. Raises: EnvironmentFault."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends small answers at once only where the protocol is named: else each waits 40 ms for the last one's ACK
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        allow_restart(listener)
        listener.bind((host, port))
        listener.listen(MOST_CONNECTIONS)
    except (OSError, OverflowError) as error:
        listener.close()
        raise EnvironmentFault(
            _("the lab cannot listen on {host}, port {port}: {reason}", host=host, port=port, reason=error),
            hint=_("--port 0 takes any free one"),
        ) from None
    return listener


async def _serve(
    load: Callable[[], Dataset], runs: Path, door: Door, listener: socket.socket, announce: Callable[[], None]
) -> None:
    app = App(load, runs, language())
    options: dict[str, Any] = {"log_config": None, "log_level": "critical", "lifespan": "off", "ws": "none"}
    options |= {"http": _Protocol, "loop": "asyncio", "limit_concurrency": MOST_CONNECTIONS}
    options |= {"server_header": False, "access_log": False}
    config = uvicorn.Config(Guard(application(app), door), **options, timeout_graceful_shutdown=1)
    server = _Server(config)
    opening = asyncio.create_task(app.open())
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    opening.add_done_callback(server.end_unless)
    try:
        while not server.started and not serving.done():
            await asyncio.sleep(0.01)
        announce()
        await serving
    finally:
        await app.close()
    if opening.done():
        opening.result()  # raises what kept the images from being loaded
    else:
        opening.cancel()


class _Protocol(H11Protocol):
    """A connection that is closed if the head of a request takes too long; uvicorn would wait for ever."""

    patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def _is_waiting(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _watch(self) -> None:
        if self.patience is not None and not self._is_waiting():
            self.patience.cancel()
            self.patience = None
        elif self.patience is None and self._is_waiting():
            self.patience = self.loop.call_later(SLOWEST_HEAD, self._lose_patience)

    def _lose_patience(self) -> None:
        self.patience = None
        if self._is_waiting() and not self.transport.is_closing():
            self.transport.close()


class _Server(uvicorn.Server):
    """A server that ends at the first of the stopping signals, and does not raise it again afterwards."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        def end(number: int, frame: FrameType | None) -> None:
            self.should_exit = True

        before = {number: signal.signal(number, end) for number in stopping_signals()}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def end_unless(self, task: "asyncio.Task[None]") -> None:
        """End if `task` has failed."""
        if task.cancelled() or task.exception() is not None:
            self.should_exit = True
