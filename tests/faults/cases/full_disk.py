"""A disk that fills up during a training: earlier files are unharmed, and the run continues once there is room."""

import contextlib
import io
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

from kerasnn.cli.app import main
from kerasnn.runs.folder import all_runs
from kerasnn.runs.latest import LATEST
from tests.faults.frame import Lost, Plan, Trial, case
from tests.faults.training import Undisturbed, assert_readable, assert_same_as, epochs_told, undisturbed, words

DISK = 4 << 20
PAGE = 4096


@case(
    "disk full at random writes of train",
    goal="code 4, what was there before unharmed; with room again --resume ends as never disturbed",
    full=50,
    quick=2,
    slow=True,
)
def full_disk(plan: Plan) -> Iterator[Trial]:
    whole, random = undisturbed(plan.folder), Random(plan.seed)
    with small_disk(plan.folder / "disk") as disk:
        earlier = Path(whole.run.model or "").parent
        shutil.copytree(earlier, (disk or plan.folder / "limited") / earlier.name)
        for number in range(plan.count):
            if disk is not None:
                pages = random.randrange(0, 24)
                yield Trial(f"{pages} pages free, {number}", partial(_fill_up, plan.folder, whole, disk, pages))
            else:
                limit = random.randrange(0, 30_000)
                yield Trial(f"files of {limit} bytes at most, {number}", partial(_limit, plan.folder, whole, limit))


@contextmanager
def small_disk(folder: Path) -> Iterator[Path | None]:
    """A disk of 4 MB; None where this user may mount none."""
    folder.mkdir()
    mount = shutil.which("mount")
    options = ["-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)]
    if mount is None or subprocess.run([mount, *options], capture_output=True, check=False).returncode:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def _fill_up(folder: Path, whole: Undisturbed, disk: Path, pages: int) -> None:
    """Leave so many pages free, train until they are used up, then make room and go on."""
    _only_the_earlier(disk)
    filler = disk / "filler"
    room = os.statvfs(disk)
    filler.write_bytes(bytes(max(0, room.f_bavail * room.f_frsize - pages * PAGE)))
    _train_and_go_on(folder, whole, disk, filler.unlink)


def _limit(folder: Path, whole: Undisturbed, limit: int) -> None:
    """The same where no file may grow beyond `limit`; Python ignores SIGXFSZ, so writing fails as on a full disk."""
    out = folder / "limited"
    _only_the_earlier(out)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        _train_and_go_on(folder, whole, out, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, before))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def _only_the_earlier(out: Path) -> None:
    """What the trial before left goes."""
    for each in all_runs(out)[1:]:
        shutil.rmtree(each)
    (out / LATEST).unlink(missing_ok=True)


def _train_and_go_on(folder: Path, whole: Undisturbed, out: Path, make_room: Any) -> None:
    earlier = _digests(all_runs(out)[0])
    printed, said, logs = io.StringIO(), io.StringIO(), out / "logs"
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(said):
        trackers = ["--csv", str(logs / "epochs.csv"), "--tensorboard", str(logs / "board")]
        code = main([*words(folder / "stripes.npz", out), *trackers])
    make_room()
    shutil.rmtree(logs, ignore_errors=True)
    text = said.getvalue()
    if code not in (0, 4) or "Traceback" in text:
        raise Lost(f"code {code} instead of 4: {text[-400:]}")
    if code == 4 and "next:" not in text:
        raise Lost(f"it does not say what to do: {text[-400:]}")
    if _digests(all_runs(out)[0]) != earlier:
        raise Lost("the run before it is not what it was")
    for run in all_runs(out)[1:]:
        if (run / "run.json").is_file():
            assert_readable(run)
            assert_same_as(whole, folder / "stripes.npz", run, told=epochs_told(text))


def _digests(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in files}


if sys.platform == "win32":  # neither mounts nor limits
    del full_disk
