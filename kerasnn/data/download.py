"""Download a file with pooch, in bounded time; it gets its name only after its digest has been checked."""

import contextlib
import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pooch
import requests
from filelock import FileLock, Timeout

from kerasnn.data.transfer import LARGEST, TOTAL_SECONDS, Fetcher, TransferFailed, reason_of
from kerasnn.errors import DataError, EnvironmentFault
from kerasnn.files.locks import refuse_irregular
from kerasnn.language import N_, _
from kerasnn.platforms import flush, replace
from kerasnn.records import Listener, Notice

RETRIES: Final = 2
WAIT_SECONDS: Final = 4 * TOTAL_SECONDS  # longest wait for another process, which may have to download four files
LOCK: Final = ".kerasnn-download.lock"
DRAFTS: Final = ".kerasnn-download"
HINT: Final = N_("copy the four files to a folder and name it with --data-dir, or take --dataset garments")


@dataclass(frozen=True)
class Origin:
    """Where files come from: the address of their folder. `hint`: what to do if they do not. `most`: bytes of one."""

    mirror: str
    hint: str = HINT
    most: int = LARGEST


@contextmanager
def alone(folder: Path, listener: Listener) -> Iterator[None]:
    """Hold the lock of `folder`, so that of several processes only one downloads while the others wait.

    Drafts that a killed download left behind are removed.

    Raises: EnvironmentFault if `folder` cannot be written; DataError if the wait is too long.
    """
    place = folder / LOCK
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(place)
        refuse_irregular(place)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            listener(Notice(_("another process is downloading to {folder}: waiting for it", folder=folder)))
            lock.acquire(timeout=WAIT_SECONDS)
    except Timeout:
        raise DataError(
            _(
                "another process has been downloading to {folder} for {WAIT_SECONDS:,.0f} s",
                folder=folder,
                WAIT_SECONDS=WAIT_SECONDS,
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
        with contextlib.suppress(OSError):  # Windows cannot remove an open file
            place.unlink()
        lock.release()


def download(origin: Origin, name: str, sha256: str, *, folder: Path, listener: Listener) -> Path:
    """Download the file `name` to `folder`, whose lock is held; it appears there complete or not at all.

    Raises: DataError if the server cannot be reached, fails, is too slow, or sends something else; EnvironmentFault if
    `folder` cannot be written.
    """
    pooch.get_logger().setLevel(logging.ERROR)  # it reports each file on stderr
    base = origin.mirror.rstrip("/") + "/"
    shown = _without_secrets(base + name)
    store = pooch.create(folder / DRAFTS, base, registry={name: f"sha256:{sha256}"}, retry_if_failed=RETRIES)
    try:
        draft = Path(store.fetch(name, downloader=Fetcher(name, listener, origin.most)))
        flush(draft)
        arrived = replace(draft, folder / name)
        flush(folder)
        return arrived
    except (TransferFailed, requests.RequestException) as error:
        raise _failed(shown, reason_of(error), sha256, origin.hint) from None
    except ValueError:  # pooch found another digest
        raise _failed(shown, _("the server sent another file"), sha256, origin.hint) from None
    except OSError as error:
        raise _not_writable(folder, error) from None


def _without_secrets(url: str) -> str:
    """Return `url` without a user, a password and what follows its path, to be shown. Raises: DataError."""
    with contextlib.suppress(ValueError):
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.hostname:
            port = f":{parts.port}" if parts.port else ""
            return f"{parts.scheme}://{parts.hostname}{port}{parts.path}"
    # not shown, because nobody knows which part of it is a password
    raise DataError(_("the mirror's address is not valid"), expected=_("http:// or https:// and a server"))


def _failed(url: str, reason: str, sha256: str, hint: str) -> DataError:
    return DataError(
        _("{url} could not be downloaded: {reason}", url=url, reason=reason),
        expected=_("a file with sha256 {sha256}...", sha256=sha256[:12]),
        hint=_(hint),
    )


def _not_writable(folder: Path, error: OSError) -> EnvironmentFault:
    return EnvironmentFault(
        _("{folder} cannot be written: {strerror}", folder=folder, strerror=error.strerror or error),
        expected=_("a folder you may write to, on a disk with free space"),
        hint=_("name a folder you may write to with --data-dir, or set KERAS_HOME"),
    )
