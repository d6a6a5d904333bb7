"""Misbehaving servers cost a bounded time, leave no file behind, and harm no existing file."""

import contextlib
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest import mock

from kerasnn.cli.app import main
from kerasnn.data import download, fashion_mnist, transfer
from kerasnn.data.idx import FOUR_FILES
from kerasnn.data.load import load_data
from kerasnn.errors import DataError
from kerasnn.records import Event, Notice
from tests.faults.cases.data import save_idx
from tests.faults.frame import Lost, Plan, Trial, case
from tests.faults.servers import FAULTS, Fault, Handler, Site, files_of, serving

LIMITS: dict[str, Any] = {
    "CONNECT_SECONDS": 0.5,
    "SILENCE_SECONDS": 0.6,
    "TOTAL_SECONDS": 3.0,
    "LARGEST": 4 << 20,
}
MOST_SECONDS = 10.0  # of TOTAL_SECONDS and a busy machine
VICTIM = "t10k-images-idx3-ubyte.gz"
TOGETHER, QUICK_TOGETHER = 8, 3


def _digests(folder: Path) -> dict[str, str]:
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.gz")}


def _kept(folder: Path, good: dict[str, bytes]) -> None:
    """Lost unless `folder` holds the good files that came before the victim, and nothing else."""
    found = files_of(folder)
    wanted = {name: content for name, content in good.items() if name.endswith(".gz") and name in found}
    others = [path.name for path in folder.iterdir() if path.name not in wanted]
    if others or VICTIM in found or found != wanted or len(found) < 2:
        raise Lost(f"the folder holds {sorted(path.name for path in folder.iterdir())}")


def _survived(folder: Path, published: Path, fault: Fault) -> None:
    digests = {file: _digests(published)[f"{file.name}.gz"] for file in FOUR_FILES}
    good = files_of(published)
    site = Site(good, VICTIM, fault)
    cache = folder / "keras" / "datasets" / "fashion-mnist"
    with (
        serving(site) as address,
        mock.patch.dict(fashion_mnist.PACKED_SHA256, digests),
        mock.patch.multiple(transfer, **LIMITS),
        mock.patch.object(download, "RETRIES", 1),
        mock.patch.dict(os.environ, {"KERAS_HOME": str(folder / "keras"), "KERASNN_MIRROR": address}),
    ):
        os.environ.pop("KERASNN_DATA_DIR", None)
        _ends_with_code_3()
        _kept(cache, good)
        asked = dict(site.asked)
        _falls_back()
        _kept(cache, good)
    fetched_again = [name for name, times in site.asked.items() if name != VICTIM and times > asked.get(name, 0)]
    if any(name in files_of(cache) for name in fetched_again):
        raise Lost(f"good files were downloaded again: {fetched_again}")


def _ends_with_code_3() -> None:
    said = io.StringIO()
    began = time.monotonic()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
        code = main(["data", "get"])
    text = said.getvalue()
    if code != 3 or VICTIM not in text or "next:" not in text:
        raise Lost(f"code {code}: {text[-300:]}")
    if time.monotonic() - began > MOST_SECONDS:
        raise Lost(f"after {time.monotonic() - began:.1f} s")


def _falls_back() -> None:
    events: list[Event] = []
    began = time.monotonic()
    try:
        found = load_data("auto", listener=events.append).info.name
    except DataError as error:
        raise Lost(f"no fallback: {error.message}") from None
    notices = [event.text for event in events if isinstance(event, Notice)]
    if found != "garments" or len(notices) != 1:
        raise Lost(f"{found} with {len(notices)} notices")
    if time.monotonic() - began > MOST_SECONDS:
        raise Lost(f"after {time.monotonic() - began:.1f} s")


@case(
    "misbehaving servers",
    goal="bounded time, code 3 or garments, no file behind, good files kept",
    full=len(FAULTS),
    quick=3,
    most=len(FAULTS),
)
def misbehaving_servers(plan: Plan) -> Iterator[Trial]:
    published = save_idx(plan.folder / "published", packed=True)
    step = max(1, len(FAULTS) // plan.count)
    for number, fault in enumerate(FAULTS[::step][: plan.count]):
        folder = plan.folder / str(number)
        yield Trial(f"a server that {fault.__name__.replace('_', ' ')}", partial(_survived, folder, published, fault))


GET = """
import json, sys
from kerasnn.cli.app import main
from kerasnn.data import fashion_mnist
from kerasnn.data.idx import FOUR_FILES
digests = json.loads(sys.argv[1])
for file in FOUR_FILES:
    fashion_mnist.PACKED_SHA256[file] = digests[f"{file.name}.gz"]
sys.exit(main(["data", "get", "--data-dir", sys.argv[2]]))
"""


def _slowly(handler: Handler, content: bytes) -> None:
    handler.wait(1.0)
    handler.answer(content)


def _once(folder: Path, published: Path, together: int) -> None:
    site = Site(files_of(published), VICTIM, _slowly)
    with serving(site) as address:
        words = [sys.executable, "-c", GET, json.dumps(_digests(published)), str(folder)]
        environment = {**os.environ, "KERASNN_MIRROR": address}
        started = [
            subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            for _ in range(together)
        ]
        said = [process.communicate(timeout=120)[1].decode() for process in started]
    if failed := [text for process, text in zip(started, said, strict=True) if process.returncode]:
        raise Lost(f"{len(failed)} of {together} failed: {failed[0][-300:]}")
    if any(times != 1 for times in site.asked.values()) or len(site.asked) != len(FOUR_FILES):
        raise Lost(f"files were asked for more than once: {site.asked}")
    if sorted(path.name for path in folder.iterdir()) != sorted(site.asked):
        raise Lost(f"the folder holds {sorted(path.name for path in folder.iterdir())}")


@case("eight downloads at once", goal="each file asked for once, eight good ends", full=10, quick=1)
def downloads_at_once(plan: Plan) -> Iterator[Trial]:
    published = save_idx(plan.folder / "published", packed=True)
    together = TOGETHER if plan.count > 1 else QUICK_TOGETHER
    for number in range(plan.count):
        yield Trial(f"round {number}", partial(_once, plan.folder / str(number), published, together))
