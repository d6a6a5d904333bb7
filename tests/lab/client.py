"""A lab in a process of its own, and a client that speaks to it; or to its application in this process."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Final

from starlette.types import ASGIApp, Message

PATIENCE: Final = 60.0  # seconds for what takes a few on a machine that is not busy
ENDS: Final = ("done", "stopped", "failed")
Event = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Answer:
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)

    @property
    def error(self) -> dict[str, Any]:
        found: dict[str, Any] = self.json["error"]
        return found


def packed(body: object, headers: Mapping[str, str] | None) -> tuple[bytes | None, dict[str, str]]:
    """Return `body` as the bytes of a request, as JSON unless it is bytes already, and its headers."""
    if body is None or isinstance(body, bytes):
        return body, dict(headers or {})
    return json.dumps(body).encode(), {"content-type": "application/json", **(headers or {})}


@dataclass(frozen=True)
class Client:
    """Asks the lab on `port` of this machine, with its token."""

    port: int
    token: str

    def ask(
        self,
        path: str,
        body: object = None,
        *,
        method: str | None = None,
        headers: Mapping[str, str] | None = None,
        token: bool = True,
    ) -> Answer:
        """Return the answer to a request: GET, or POST where there is a body, unless `method` says otherwise."""
        content, given = packed(body, headers)
        allowed = {"authorization": f"Bearer {self.token}"} if token else {}
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            connection.request(
                method or ("POST" if content is not None else "GET"), path, content, {**allowed, **given}
            )
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.headers), answer.read())

    def raw(self, content: bytes, seconds: float = PATIENCE) -> bytes:
        """Send bytes as they are, and return all that comes back until the server closes the connection."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as connection:
            with suppress(ConnectionError):
                connection.sendall(content)
            parts = []
            with suppress(ConnectionError):
                while part := connection.recv(1 << 16):
                    parts.append(part)
        return b"".join(parts)

    def head(self, path: str = "/api/lab", method: str = "GET", **headers: str) -> bytes:
        """Return the head of a request, to send it `raw`; an underscore stands for a hyphen."""
        given = {"host": f"127.0.0.1:{self.port}", "authorization": f"Bearer {self.token}", **headers}
        lines = [f"{name.replace('_', '-')}: {value}" for name, value in given.items()]
        return "\r\n".join([f"{method} {path} HTTP/1.1", *lines, "", ""]).encode("latin-1")

    def send_picture(self, model: str, content: bytes, name: str = "picture.png") -> Answer:
        """Ask for a prediction of an image file, as the page does."""
        edge = "kerasnn-test-edge"
        form = (
            f'--{edge}\r\nContent-Disposition: form-data; name="model"\r\n\r\n{model}\r\n'
            f'--{edge}\r\nContent-Disposition: form-data; name="picture"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode()
        content_type = f"multipart/form-data; boundary={edge}"
        body = form + content + f"\r\n--{edge}--\r\n".encode()
        return self.ask("/api/predictions", body, headers={"content-type": content_type})

    def begin(self, stage: str, *, paused: bool = False, **overrides: Any) -> str:
        """Order a training, and return its run."""
        answer = self.ask("/api/trainings", {"stage": stage, "overrides": overrides, "paused": paused})
        assert answer.status == 201, answer.content
        run: str = answer.json["run"]
        return run

    def do(self, run: str, what: str) -> Answer:
        return self.ask(f"/api/trainings/{run}/{what}", method="POST")

    def events(self, run: str, seconds: float = PATIENCE) -> Iterator[Event]:
        """Yield the events of a training until it is over."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=seconds)) as connection:
            headers = {"authorization": f"Bearer {self.token}"}
            connection.request("GET", f"/api/trainings/{run}/events", headers=headers)
            answer, kind = connection.getresponse(), ""
            assert answer.status == 200, answer.read()
            while line := answer.readline().decode().rstrip("\n"):
                if line.startswith("event: "):
                    kind = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    yield kind, json.loads(line.removeprefix("data: "))
                    answer.readline()  # the empty line after each event

    def until(self, run: str, *kinds: str) -> Event:
        """Listen to a training until one of these events, or its end, and return that."""
        return next(event for event in self.events(run) if event[0] in (*kinds, *ENDS))

    def train(self, stage: str, **overrides: Any) -> tuple[str, dict[str, Any]]:
        """Train to the end, and return the run and its record."""
        run = self.begin(stage, **overrides)
        kind, record = self.until(run)
        assert kind == "done", (kind, record)
        return run, record

    def wait_until_warm(self, seconds: float = PATIENCE) -> None:
        """Wait until a trainer is there. Raises: AssertionError if none comes."""
        end = time.monotonic() + seconds
        while not self.ask("/api/lab").json["ready"]:
            assert time.monotonic() < end, "no trainer came"
            time.sleep(0.05)


@dataclass(frozen=True)
class LabProcess(Client):
    """A lab in a process of its own. `folder`: where it was started, with its `runs` and all that it wrote."""

    process: "subprocess.Popen[bytes]"
    folder: Path

    @property
    def runs(self) -> Path:
        return self.folder / "runs"

    @property
    def said(self) -> str:
        """What it wrote to stderr so far."""
        return (self.folder / "said.txt").read_text(encoding="utf-8")

    def trainers(self) -> list[int]:
        """Return the process numbers of its trainer, those that compute, on Linux."""
        return [each for each in children_of(self.process.pid) if b"spawn_main" in _command_of(each)]

    def end(self, number: int = signal.SIGINT) -> int:
        """Send a signal, and return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


def children_of(pid: int) -> list[int]:
    """Return the process numbers of the children of a process, on Linux."""
    found = []
    for each in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = re.sub(r"\(.*\)", "()", each.read_text(encoding="utf-8", errors="replace")).split()
            found += [int(fields[0])] if int(fields[3]) == pid and fields[2] != "Z" else []
    return found


def _command_of(pid: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


@contextmanager
def lab_process(folder: Path, *words: object, **variables: str) -> Iterator[LabProcess]:
    """Start `kerasnn lab` in `folder` with `words`, and end it after the block if it still runs."""
    command = [sys.executable, "-m", "kerasnn", "lab", "--port", "0", "--json", "--no-browser", *map(str, words)]
    surroundings = {"KERAS_HOME": str(folder / "keras-home"), "KERASNN_LANG": "en", "TMPDIR": str(folder / "tmp")}
    environment = {**os.environ, "KERASNN_MIRROR": "http://127.0.0.1:9/", **surroundings, **variables}
    (folder / "tmp").mkdir(exist_ok=True)
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)  # under nohup it is ignored, by what is started from here too
    with (folder / "said.txt").open("wb") as said:
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=said, env=environment)
    signal.signal(signal.SIGHUP, before)
    assert process.stdout is not None
    try:
        announced = json.loads(process.stdout.readline() or b"{}")
        assert announced, (folder / "said.txt").read_text(encoding="utf-8")
        yield LabProcess(announced["port"], announced["token"], process, folder)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE)
        process.kill()
        process.wait()
        process.stdout.close()


@dataclass(frozen=True)
class Driver:
    """Asks an application in this process, in the event `loop` that it was made in. `port`, `token`: of its door."""

    application: ASGIApp
    loop: asyncio.AbstractEventLoop
    port: int
    token: str

    def ask(
        self, path: str, body: object = None, *, method: str | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Return the answer to a request with the right host and token; `headers` replace these."""
        content, given = packed(body, headers)
        scope = self._scope(path, given, method or ("GET" if content is None else "POST"))
        return self.loop.run_until_complete(self._answer(scope, content or b""))

    def ask_at_once(self, path: str, content: bytes, headers: Mapping[str, str], count: int) -> list[Answer]:
        """Return the answers to `count` equal requests that come at the same time."""

        async def answers() -> list[Answer]:
            scopes = [self._scope(path, headers, "POST") for _ in range(count)]
            return await asyncio.gather(*(self._answer(scope, content) for scope in scopes))

        return self.loop.run_until_complete(answers())

    def _scope(self, path: str, headers: Mapping[str, str], method: str) -> dict[str, Any]:
        known = {"host": f"127.0.0.1:{self.port}", "authorization": f"Bearer {self.token}", **headers}
        fields = [(name.lower().encode(), value.encode("latin-1")) for name, value in known.items()]
        where, _mark, query = path.partition("?")
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": where,
            "raw_path": where.encode("latin-1"),
            "query_string": query.encode("latin-1"),
            "root_path": "",
            "headers": fields,
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", self.port),
        }

    async def _answer(self, scope: dict[str, Any], content: bytes) -> Answer:
        waiting: list[Message] = [{"type": "http.request", "body": content, "more_body": False}]
        sent: list[Message] = []

        async def receive() -> Message:
            if waiting:
                return waiting.pop()
            await asyncio.sleep(PATIENCE)  # the client stays
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            sent.append(message)

        await asyncio.wait_for(self.application(scope, receive, send), PATIENCE)
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in sent[0]["headers"]}
        return Answer(sent[0]["status"], headers, b"".join(each.get("body", b"") for each in sent[1:]))
