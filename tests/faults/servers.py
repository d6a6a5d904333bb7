"""A server on this machine that misbehaves in a chosen way."""

import socket
import struct
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any, Final

FOR_EVER: Final = 120.0


@dataclass
class Site:
    """`content`: by the names of the files. `victim`: the file at which the server misbehaves, as `fault` does."""

    content: Mapping[str, bytes]
    victim: str = ""
    fault: "Fault | None" = None
    asked: dict[str, int] = field(default_factory=dict)
    over: Event = field(default_factory=Event)
    lock: Any = field(default_factory=Lock)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Site

    def do_GET(self) -> None:
        name = self.path.rpartition("/")[2]
        with self.site.lock:
            self.site.asked[name] = self.site.asked.get(name, 0) + 1
        self.close_connection = True
        content = self.site.content.get(name)
        with suppress(OSError):  # the other side may have had enough
            if content is None:
                self.send_error(HTTPStatus.NOT_FOUND)
            elif name == self.site.victim and self.site.fault is not None:
                self.site.fault(self, content)
            else:
                self.answer(content)

    def answer(self, content: bytes, *, length: int | None = None, **headers: str) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Length", str(len(content) if length is None else length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def wait(self, seconds: float = FOR_EVER) -> None:
        self.site.over.wait(seconds)

    def log_message(self, *_: object) -> None:
        pass


Fault = Callable[[Handler, bytes], None]


@contextmanager
def serving(site: Site) -> Iterator[str]:
    """The address of a server of `site`."""
    handler = type("SiteHandler", (Handler,), {"site": site})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/files/"
    finally:
        site.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def hangs_before_the_answer(handler: Handler, content: bytes) -> None:
    handler.wait()


def hangs_within_the_headers(handler: Handler, content: bytes) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-")
    handler.wait()


def trickles_headers(handler: Handler, content: bytes) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    began = time.monotonic()
    while time.monotonic() - began < FOR_EVER and not handler.site.over.is_set():
        handler.wfile.write(b"X-A: b\r\n")
        handler.wait(0.2)


def hangs_within_the_body(handler: Handler, content: bytes) -> None:
    handler.answer(content[: len(content) // 2], length=len(content))
    handler.wait()


def trickles(handler: Handler, content: bytes) -> None:
    handler.answer(b"", length=len(content))
    for byte in content:
        handler.wfile.write(bytes((byte,)))
        handler.wait(0.2)


def sends_a_web_page(handler: Handler, content: bytes) -> None:
    handler.answer(b"<html>Sign in</html>", Content_Type="text/html; charset=utf-8")


def sends_a_web_page_as_data(handler: Handler, content: bytes) -> None:
    handler.answer(b"<html>Sign in</html>", Content_Type="application/octet-stream")


def has_no_file(handler: Handler, content: bytes) -> None:
    handler.send_error(HTTPStatus.NOT_FOUND)


def is_broken(handler: Handler, content: bytes) -> None:
    handler.send_error(HTTPStatus.INTERNAL_SERVER_ERROR)


def forbids(handler: Handler, content: bytes) -> None:
    handler.send_error(HTTPStatus.FORBIDDEN)


def sends_round_in_circles(handler: Handler, content: bytes) -> None:
    handler.send_response(HTTPStatus.FOUND)
    handler.send_header("Location", handler.path)
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def sends_to_a_file(handler: Handler, content: bytes) -> None:
    handler.send_response(HTTPStatus.FOUND)
    handler.send_header("Location", "file:///etc/passwd")
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def resets_within_the_body(handler: Handler, content: bytes) -> None:
    handler.answer(content[: len(content) // 2], length=len(content))
    handler.wfile.flush()
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def closes_without_an_answer(handler: Handler, content: bytes) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


def says_a_length_too_long(handler: Handler, content: bytes) -> None:
    handler.answer(content, length=len(content) + 1000)


def says_a_length_too_short(handler: Handler, content: bytes) -> None:
    handler.answer(content, length=len(content) - 10)


def says_an_absurd_length(handler: Handler, content: bytes) -> None:
    handler.answer(content, length=10**15)


def sends_other_bytes(handler: Handler, content: bytes) -> None:
    handler.answer(content[:-1] + bytes((content[-1] ^ 1,)))


def sends_another_file(handler: Handler, content: bytes) -> None:
    handler.answer(next(each for each in handler.site.content.values() if each != content))


def packs_what_it_sends(handler: Handler, content: bytes) -> None:
    handler.answer(content, Content_Encoding="gzip")


def never_ends(handler: Handler, content: bytes) -> None:
    handler.send_response(HTTPStatus.OK)
    handler.end_headers()
    block = bytes(1 << 20)
    while not handler.site.over.is_set():
        handler.wfile.write(block)


def speaks_nonsense(handler: Handler, content: bytes) -> None:
    handler.wfile.write(b"\x00\xff\x16\x03\x01 SSH-2.0-OpenSSH_9.6\r\n\r\n" * 20)


def sends_nonsense_in_chunks(handler: Handler, content: bytes) -> None:
    handler.send_response(HTTPStatus.OK)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"zz\r\n" + content)


FAULTS: Final[tuple[Fault, ...]] = (
    hangs_before_the_answer,
    hangs_within_the_headers,
    trickles_headers,
    hangs_within_the_body,
    trickles,
    sends_a_web_page,
    sends_a_web_page_as_data,
    has_no_file,
    is_broken,
    forbids,
    sends_round_in_circles,
    sends_to_a_file,
    resets_within_the_body,
    closes_without_an_answer,
    says_a_length_too_long,
    says_a_length_too_short,
    says_an_absurd_length,
    sends_other_bytes,
    sends_another_file,
    packs_what_it_sends,
    never_ends,
    speaks_nonsense,
    sends_nonsense_in_chunks,
)
