"""One file from a server, by pooch: in bounded time, checked against its digest before it gets its name."""

import contextlib
import logging
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Full, Queue
from typing import IO, Any, Final

import pooch
import requests
from filelock import FileLock, Timeout

from kerasnn.errors import DataError, EnvironmentFault
from kerasnn.files.atomic import flush_file, flush_folder
from kerasnn.language import N_, _
from kerasnn.records import Download, Listener, Notice

CONNECT_SECONDS: Final = 5.0
SILENCE_SECONDS: Final = 20.0  # also: for the next 64 KiB to arrive
TOTAL_SECONDS: Final = 900.0  # for one file, retries included
LARGEST: Final = 64 << 20
RETRIES: Final = 2
REDIRECTS: Final = 5
CHUNK: Final = 1 << 16
LOCK: Final = ".kerasnn-download.lock"
DRAFTS: Final = ".kerasnn-download"
HINT: Final = N_("copy the four files to a folder and name it with --data-dir, or take --dataset garments")

_Item = bytes | int | Exception | None


@contextmanager
def alone(folder: Path, listener: Listener) -> Iterator[None]:
    """Hold the lock of `folder`: of several processes that want its files, one downloads, and the others wait.

    What a download that was killed has left behind is swept away.

    Raises: EnvironmentFault where `folder` cannot be written; DataError where the others take too long.
    """
    place = folder / LOCK
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(place)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            listener(Notice(_("another process is downloading to {folder}: waiting for it", folder=folder)))
            lock.acquire(timeout=TOTAL_SECONDS * 4)
    except Timeout:
        raise DataError(
            _(
                "another process has been downloading to {folder} for {TOTAL_SECONDS:,.0f} s",
                folder=folder,
                TOTAL_SECONDS=TOTAL_SECONDS * 4,
            ),
            hint=_("end that process, or remove {place}", place=place),
        ) from None
    except OSError as error:
        raise _not_writable(folder, error) from None
    try:
        shutil.rmtree(folder / DRAFTS, ignore_errors=True)
        yield
    finally:
        shutil.rmtree(folder / DRAFTS, ignore_errors=True)
        with contextlib.suppress(OSError):  # Windows does not remove what is open
            place.unlink()
        lock.release()


def download(mirror: str, name: str, sha256: str, *, folder: Path, listener: Listener) -> Path:
    """Fetch `mirror`/`name` into `folder`, whose lock is held; it appears there whole and checked, or not at all.

    Raises: DataError where the server cannot be reached, fails, is too slow, or sends something else;
    EnvironmentFault where `folder` cannot be written.
    """
    pooch.get_logger().setLevel(logging.ERROR)
    base = mirror.rstrip("/") + "/"
    store = pooch.create(folder / DRAFTS, base, registry={name: f"sha256:{sha256}"}, retry_if_failed=RETRIES)
    try:
        draft = Path(store.fetch(name, downloader=_Fetcher(name, listener)))
        flush_file(draft)
        arrived = draft.replace(folder / name)
        flush_folder(folder)
        return arrived
    except _Given as reason:
        raise _failed(base + name, str(reason), sha256) from None
    except requests.RequestException as error:
        raise _failed(base + name, _reason(error), sha256) from None
    except ValueError:
        raise _failed(base + name, _("what arrived is not that file"), sha256) from None
    except OSError as error:
        raise _not_writable(folder, error) from None


def _failed(url: str, reason: str, sha256: str) -> DataError:
    return DataError(
        _("{url} could not be downloaded: {reason}", url=url, reason=reason),
        expected=_("a file with sha256 {sha256}...", sha256=sha256[:12]),
        hint=_(HINT),
    )


def _not_writable(folder: Path, error: OSError) -> EnvironmentFault:
    return EnvironmentFault(
        _("{folder} cannot be written: {strerror}", folder=folder, strerror=error.strerror or error),
        expected=_("a folder you may write to, on a disk with room"),
        hint=_("name a folder you may write to with --data-dir, or set KERAS_HOME"),
    )


class _Given(Exception):
    """The server's answer, or its slowness, leaves nothing to hope for: no retry. Says why in one clause."""


class _Fetcher:
    """What pooch calls to download.

    A thread receives, for no time-out of a socket bounds the whole of a transfer that trickles; this side waits for
    it as long as it may, writes, and leaves the thread behind where it hangs.
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
                    raise _Given(_reason(item))
                raise item  # broken off in the middle: pooch tries again
            if isinstance(item, int):
                total = item
            else:
                done += file.write(item)
                if done > LARGEST:
                    raise _Given(_("more than {LARGEST} MiB arrived", LARGEST=LARGEST >> 20))
            self.listener(Download(self.name, min(done, total or done), total))
            patience = SILENCE_SECONDS

    def _next(self, items: "Queue[_Item]", patience: float) -> _Item:
        left = self.end - time.monotonic()
        try:
            return items.get(timeout=max(0.0, min(patience, left)))
        except Empty:
            if left <= patience:
                raise _Given(
                    _("it was not through within {TOTAL_SECONDS:,.0f} s", TOTAL_SECONDS=TOTAL_SECONDS)
                ) from None
            raise _Given(
                _("less than {CHUNK} KiB came within {patience:,.0f} s", CHUNK=CHUNK >> 10, patience=patience)
            ) from None


def _receive(url: str, items: "Queue[_Item]", gone: threading.Event) -> None:
    """Put into `items` the length the server announces, then the content in chunks, then None, or what went wrong."""

    def put(item: _Item) -> None:
        while not gone.is_set():
            try:
                return items.put(item, timeout=0.2)
            except Full:
                continue
        raise _Given("nobody waits any more")

    try:
        _stream(url, put)
        put(None)
    except (requests.RequestException, _Given, OSError, ValueError) as error:
        with contextlib.suppress(_Given):
            put(error)


def _stream(url: str, put: Callable[[_Item], None]) -> None:
    with requests.Session() as session:
        session.max_redirects = REDIRECTS
        wait = (CONNECT_SECONDS, SILENCE_SECONDS)
        with session.get(url, stream=True, timeout=wait, headers={"Accept-Encoding": "identity"}) as response:
            response.raise_for_status()
            if response.headers.get("Content-Encoding", "identity").lower() != "identity":
                raise _Given(_("the server packs what it sends, which was not asked for"))
            if "html" in response.headers.get("Content-Type", ""):
                raise _Given(_("a web page came instead: perhaps the network wants you to sign in"))
            length = response.headers.get("Content-Length", "")
            if length.isdecimal() and int(length) > LARGEST:
                raise _Given(_("the server announces {length:,} bytes", length=int(length)))
            put(int(length) if length.isdecimal() else 0)
            for chunk in response.iter_content(CHUNK):
                put(chunk)


def _reason(error: Exception) -> str:
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
        return _("the server sent us on more than {REDIRECTS} times", REDIRECTS=REDIRECTS)
    if isinstance(error, (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        return _("no connection to the server, or it broke off")
    return str(error) or _("what arrived is no answer")
