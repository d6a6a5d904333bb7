"""One file from a server, by pooch: checked against its digest before it gets its name."""

import logging
from pathlib import Path
from typing import Final

import pooch
import requests

from kerasnn.errors import DataError, EnvironmentFault
from kerasnn.language import _
from kerasnn.records import Download, Listener

CONNECT_SECONDS: Final = 5
SILENCE_SECONDS: Final = 20
RETRIES: Final = 2
CHUNK: Final = 1 << 16


class _Meter:
    """What pooch calls as its progress bar; passes the state on as a record."""

    def __init__(self, name: str, listener: Listener) -> None:
        self.name, self.listener = name, listener
        self.total = self.done = 0

    def update(self, amount: int) -> None:
        self.done += amount
        self.listener(Download(self.name, min(self.done, self.total or self.done), self.total))

    def reset(self) -> None:
        self.done = 0

    def close(self) -> None:
        pass


def download(mirror: str, name: str, sha256: str, *, folder: Path, listener: Listener) -> Path:
    """Fetch `mirror`/`name` into `folder`; it appears there whole and checked, or not at all.

    Raises: DataError where the server cannot be reached, fails, or sends something else; EnvironmentFault
    where `folder` cannot be written.
    """
    pooch.get_logger().setLevel(logging.ERROR)
    url = mirror.rstrip("/") + "/" + name
    downloader = pooch.HTTPDownloader(
        progressbar=_Meter(name, listener), chunk_size=CHUNK, timeout=(CONNECT_SECONDS, SILENCE_SECONDS)
    )
    registry = {name: f"sha256:{sha256}"}
    store = pooch.create(folder, mirror.rstrip("/") + "/", registry=registry, retry_if_failed=RETRIES)
    try:
        # asked once, not retried: without a network the answer should come at once
        requests.head(url, timeout=(CONNECT_SECONDS, SILENCE_SECONDS), allow_redirects=True).close()
        return Path(store.fetch(name, downloader=downloader))
    except (requests.RequestException, ValueError) as error:
        raise DataError(
            _("{url} could not be downloaded: {reason}", url=url, reason=_reason(error)),
            expected=_("a file with sha256 {sha256}...", sha256=sha256[:12]),
            hint=_("copy the four files to a folder and name it with --data-dir, or take --dataset garments"),
        ) from None
    except OSError as error:
        raise EnvironmentFault(
            _("{folder} cannot be written: {strerror}", folder=folder, strerror=error.strerror or error),
            hint=_("name a folder you may write to with --data-dir, or set KERAS_HOME"),
        ) from None


def _reason(error: Exception) -> str:
    if isinstance(error, requests.ConnectTimeout):
        return f"no connection within {CONNECT_SECONDS} s"
    if isinstance(error, requests.ReadTimeout):
        return f"the server was silent for {SILENCE_SECONDS} s"
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"the server answered {error.response.status_code} {error.response.reason}"
    if isinstance(error, requests.ConnectionError):
        return "no connection to the server, or it broke off"
    if isinstance(error, requests.RequestException):
        return str(error)
    return "what arrived is not that file"
