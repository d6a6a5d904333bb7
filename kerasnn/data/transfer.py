"""Transfer one file over HTTP in bounded time, as a downloader for pooch."""

import threading
import time
from collections.abc import Mapping
from pathlib import Path
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


class TransferFailed(Exception):
    """The transfer failed in a way that a retry would not help; the message says why in one clause."""


class Fetcher:
    """A downloader that pooch calls.

    A socket's time-out restarts with every byte, so it does not bound the time of a slow transfer. So a thread receives
    the file, and this side abandons the thread when the time is up.
    """

    def __init__(self, name: str, listener: Listener, most: int = LARGEST) -> None:
        self.name, self.listener, self.most = name, listener, most
        self.end = time.monotonic() + TOTAL_SECONDS

    def __call__(self, url: str, output_file: str, pooch: Any) -> None:
        patience, complete = CONNECT_SECONDS + SILENCE_SECONDS, False
        with Path(output_file).open("wb") as file:  # closing it ends an abandoned thread at its next chunk
            arrival = _Arrival(url, file, self.most)
            arrival.start()  # a daemon: it does not keep the process from ending
            while not complete:
                self._wait(arrival.news, patience)
                complete, done, total = arrival.complete, arrival.done, arrival.total
                if (error := arrival.error) is not None:
                    if done == 0 or isinstance(error, requests.Timeout):
                        raise TransferFailed(reason_of(error))
                    raise error  # the connection broke: pooch tries again
                self.listener(Download(self.name, min(done, total or done), total))
                patience = SILENCE_SECONDS

    def _wait(self, news: threading.Event, patience: float) -> None:
        left = self.end - time.monotonic()
        if news.wait(max(0.0, min(patience, left))):
            news.clear()  # before the fields are read, so that no change after that is missed
        elif left <= patience:
            raise TransferFailed(_("it was not complete after {TOTAL_SECONDS:,.0f} s", TOTAL_SECONDS=TOTAL_SECONDS))
        else:
            raise TransferFailed(
                _("less than {CHUNK} KiB arrived within {patience:,.0f} s", CHUNK=CHUNK >> 10, patience=patience)
            )


class _Arrival(threading.Thread):
    """A file that is being written to `file`. `news`: set when another field changes. `total`: 0 if not announced."""

    def __init__(self, url: str, file: IO[bytes], most: int) -> None:
        super().__init__(daemon=True)
        self.url, self.file, self.most, self.news = url, file, most, threading.Event()
        self.done = self.total = 0  # bytes
        self.complete = False
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            self._receive()
            self.complete = True
        except (requests.RequestException, TransferFailed, OSError, ValueError) as error:
            self.error = error
        self.news.set()

    def _receive(self) -> None:
        with requests.Session() as session:
            session.max_redirects = REDIRECTS
            wait = (CONNECT_SECONDS, SILENCE_SECONDS)
            # compressed content could unpack to more than was announced
            with session.get(self.url, stream=True, timeout=wait, headers={"Accept-Encoding": "identity"}) as response:
                response.raise_for_status()
                self.total = _announced(response.headers, self.most)
                self.news.set()
                for chunk in response.iter_content(CHUNK):
                    self.done += self.file.write(chunk)
                    if self.done > self.most:
                        raise TransferFailed(_("more than {LARGEST} MiB arrived", LARGEST=self.most >> 20))
                    self.news.set()


def _announced(headers: Mapping[str, str], most: int) -> int:
    """Return the length that the headers announce, or 0. Raises: TransferFailed if they announce something else."""
    if headers.get("Content-Encoding", "identity").lower() != "identity":
        raise TransferFailed(_("the server sent compressed content, which was not requested"))
    if "html" in headers.get("Content-Type", ""):
        raise TransferFailed(_("a web page came instead: perhaps the network requires you to sign in"))
    length = headers.get("Content-Length", "")
    if length.isdecimal() and int(length) > most:
        raise TransferFailed(_("the server declares {length:,} bytes", length=int(length)))
    return int(length) if length.isdecimal() else 0


def reason_of(error: Exception) -> str:
    """Say in one clause why a request failed."""
    if isinstance(error, requests.ConnectTimeout):
        return _("no connection within {CONNECT_SECONDS:.0f} s", CONNECT_SECONDS=CONNECT_SECONDS)
    if isinstance(error, requests.ReadTimeout) or "timed out" in str(error):  # some are wrapped in a ConnectionError
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
