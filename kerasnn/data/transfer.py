"""Transfer one file over HTTP in bounded time, as a downloader for pooch."""

import contextlib
import threading
import time
from collections.abc import Callable
from pathlib import Path
from queue import Empty, Full, Queue
from typing import IO, Any, Final

import requests

from kerasnn.language import _
from kerasnn.records import Download, Listener

CONNECT_SECONDS: Final = 5.0
SILENCE_SECONDS: Final = 20.0  # the longest wait for the next chunk
TOTAL_SECONDS: Final = 900.0  # for one file, retries included
LARGEST: Final = 64 << 20  # bytes
REDIRECTS: Final = 5
CHUNK: Final = 1 << 16  # bytes

# what the receiving thread puts into the queue: a chunk, the announced length, an error, or None at the end
_Item = bytes | int | Exception | None


class TransferFailed(Exception):
    """The transfer failed in a way that a retry would not help; the message says why in one clause."""


class Fetcher:
    """A downloader that pooch calls.

    A socket's time-out restarts with every byte, so it does not bound the time of a slow transfer. So a thread receives
    the chunks and passes them through a queue; this side writes them, and abandons the thread when the time is up.
    """

    def __init__(self, name: str, listener: Listener) -> None:
        self.name, self.listener = name, listener
        self.end = time.monotonic() + TOTAL_SECONDS

    def __call__(self, url: str, output_file: str, pooch: Any) -> None:
        items: Queue[_Item] = Queue(maxsize=8)
        gone = threading.Event()
        threading.Thread(target=_receive, args=(url, items, gone), daemon=True).start()
        try:
            with Path(output_file).open("wb") as file:
                self._write(items, file)
        finally:
            gone.set()

    def _write(self, items: "Queue[_Item]", file: IO[bytes]) -> None:
        done = total = 0
        patience = CONNECT_SECONDS + SILENCE_SECONDS
        while (item := self._next(items, patience)) is not None:
            if isinstance(item, Exception):
                if done == 0 or isinstance(item, requests.Timeout):
                    raise TransferFailed(reason_of(item))
                raise item  # the connection broke: pooch tries again
            if isinstance(item, int):
                total = item
            else:
                done += file.write(item)
                if done > LARGEST:
                    raise TransferFailed(_("more than {LARGEST} MiB arrived", LARGEST=LARGEST >> 20))
            self.listener(Download(self.name, min(done, total or done), total))
            patience = SILENCE_SECONDS

    def _next(self, items: "Queue[_Item]", patience: float) -> _Item:
        left = self.end - time.monotonic()
        try:
            return items.get(timeout=max(0.0, min(patience, left)))
        except Empty:
            if left <= patience:
                raise TransferFailed(
                    _("it was not complete after {TOTAL_SECONDS:,.0f} s", TOTAL_SECONDS=TOTAL_SECONDS)
                ) from None
            raise TransferFailed(
                _("less than {CHUNK} KiB arrived within {patience:,.0f} s", CHUNK=CHUNK >> 10, patience=patience)
            ) from None


def _receive(url: str, items: "Queue[_Item]", gone: threading.Event) -> None:
    """Put the announced length into `items`, then the content in chunks, then None; or the error that occurred.

    `gone`: set when nobody reads `items` any more.
    """

    def put(item: _Item) -> None:
        while not gone.is_set():
            try:
                return items.put(item, timeout=0.2)
            except Full:
                continue
        raise TransferFailed("nobody is waiting any more")

    try:
        _stream(url, put)
        put(None)
    except (requests.RequestException, TransferFailed, OSError, ValueError) as error:
        with contextlib.suppress(TransferFailed):
            put(error)


def _stream(url: str, put: Callable[[_Item], None]) -> None:
    with requests.Session() as session:
        session.max_redirects = REDIRECTS
        wait = (CONNECT_SECONDS, SILENCE_SECONDS)
        with session.get(url, stream=True, timeout=wait, headers={"Accept-Encoding": "identity"}) as response:
            response.raise_for_status()
            if response.headers.get("Content-Encoding", "identity").lower() != "identity":
                raise TransferFailed(_("the server sent compressed content, which was not requested"))
            if "html" in response.headers.get("Content-Type", ""):
                raise TransferFailed(_("a web page came instead: perhaps the network requires you to sign in"))
            length = response.headers.get("Content-Length", "")
            if length.isdecimal() and int(length) > LARGEST:
                raise TransferFailed(_("the server announces {length:,} bytes", length=int(length)))
            put(int(length) if length.isdecimal() else 0)
            for chunk in response.iter_content(CHUNK):
                put(chunk)


def reason_of(error: Exception) -> str:
    """Say in one clause why a request failed."""
    timed_out = isinstance(error, requests.ReadTimeout) or "timed out" in str(error)
    if isinstance(error, requests.ConnectTimeout):
        return _("no connection within {CONNECT_SECONDS:.0f} s", CONNECT_SECONDS=CONNECT_SECONDS)
    if timed_out:
        return _("the server was silent for {SILENCE_SECONDS:.0f} s", SILENCE_SECONDS=SILENCE_SECONDS)
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return _(
            "the server answered {status_code} {reason}",
            status_code=error.response.status_code,
            reason=error.response.reason,
        )
    if isinstance(error, requests.TooManyRedirects):
        return _("the server redirected more than {REDIRECTS} times", REDIRECTS=REDIRECTS)
    if isinstance(error, (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        return _("no connection to the server, or it was lost")
    return str(error) or _("the answer is not valid HTTP")
