"""Packed runs that were damaged or edited, and exports and imports that are killed or run out of disk."""

import contextlib
import io
import json
import os
import resource
import shutil
import sys
import time
from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any
from zipfile import ZipFile

from kerasnn.cli.app import main
from kerasnn.runs.author import MANIFEST
from kerasnn.runs.folder import all_runs
from kerasnn.runs.pack import write_pack
from tests.conftest import save_npz
from tests.faults.cases.full_disk import small_disk
from tests.faults.frame import Lost, Plan, Trial, case
from tests.faults.fuzzing import controls
from tests.faults.mutate import mutate
from tests.faults.training import start

MOST_SECONDS = 6.0  # of the processor
PACK = "good.kerasnn.zip"


def _prepare(folder: Path) -> Path:
    """Train a run in `folder`, pack it, and return its folder."""
    data = save_npz(folder / "stripes.npz")
    train = ["train", "adam", "--hidden", "6", "--epochs", "2", "--engine", "keras", "--dataset", str(data)]
    for words in ([*train, "--runs", str(folder / "runs")], _export(folder, folder / PACK)):
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            assert main(words) == 0
    return all_runs(folder / "runs")[0]


def _export(folder: Path, file: Path) -> list[str]:
    return ["runs", "export", "latest", "--runs", str(folder / "runs"), "--out", str(file), "--json"]


def _import(file: Path, out: Path) -> list[str]:
    return ["runs", "import", str(file), "--runs", str(out), "--json"]


def _run(words: list[str]) -> tuple[int, Any, str]:
    printed, said = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(said):
        code = main(words)
    return code, json.loads(printed.getvalue() or "null"), said.getvalue()


def _files(folder: Path) -> dict[str, str]:
    found = [path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST]
    return {path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in found}


@case("packed runs, mutated", goal="refused with code 5 and nothing left, or read; edits said", full=200, quick=16)
def mutated_packs(plan: Plan) -> Iterator[Trial]:
    """Every second time the zip is sound, and what it holds was edited."""
    run, random = _prepare(plan.folder), Random(plan.seed)
    good = (plan.folder / PACK).read_bytes()
    with ZipFile(plan.folder / PACK) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for number in range(plan.count):
        bad, edited = plan.folder / "bad.zip", None
        if number % 2:
            edited = random.choice(list(members))
            write_pack(bad, {**members, edited: mutate(members[edited], random)})
            content = bad.read_bytes()
        else:
            content = mutate(good, random)
        trial = partial(_mutated, plan.folder, content, edited, _files(run))
        yield Trial(f"mutation {number} of {edited or 'the zip'}", trial)


def _mutated(folder: Path, content: bytes, edited: str | None, good: dict[str, str]) -> None:
    file, out = folder / "bad.zip", folder / "other"
    file.write_bytes(content)
    began = time.process_time()
    code, answer, said = _run(_import(file, out))
    seconds, there = time.process_time() - began, sorted(out.rglob("*")) if out.exists() else []
    found = {name: digest for run in all_runs(out) for name, digest in _files(run).items()}
    left = [path.name for path in out.iterdir()] if out.exists() else []
    shutil.rmtree(out, ignore_errors=True)
    if code not in (0, 5) or "Traceback" in said:
        raise Lost(f"code {code}: {said[-300:]}")
    if controls(said):
        raise Lost(f"printed {controls(said)}")
    if seconds > MOST_SECONDS:
        raise Lost(f"code {code} after {seconds:.1f} s")
    if code == 5 and there:
        raise Lost(f"refused, and left {there}")
    if code == 0 and left != [answer["run"]]:
        raise Lost(f"left {left} in the folder of runs")
    changed = code == 0 and {name for name in good if name != "run.json" and found.get(name) != good[name]}
    if changed and not (edited and answer["notes"]):
        raise Lost(f"took {changed} for good")
    if code == 0 and edited not in (None, MANIFEST) and not answer["notes"]:
        raise Lost(f"did not say that {edited} was edited")


@case(
    "SIGKILL in runs export and import", goal="whole or not there, and done the next time", full=60, quick=2, slow=True
)
def killed_packing(plan: Plan) -> Iterator[Trial]:
    _prepare(plan.folder)
    random = Random(plan.seed)
    words = {
        "export": _export(plan.folder, plan.folder / "new.zip"),
        "import": _import(plan.folder / PACK, plan.folder / "other"),
    }
    began = time.monotonic()
    start(words["export"]).communicate()
    seconds = time.monotonic() - began
    for number in range(plan.count):
        kind, moment = ("export", "import")[number % 2], random.uniform(0.3, 1.1) * seconds
        yield Trial(f"{kind} killed after {moment:.3f} s, {number}", partial(_killed, plan.folder, words[kind], moment))


def _killed(folder: Path, words: list[str], moment: float) -> None:
    new, other = folder / "new.zip", folder / "other"
    new.unlink(missing_ok=True)
    shutil.rmtree(other, ignore_errors=True)
    process = start(words)
    time.sleep(moment)
    process.kill()
    process.communicate()  # which also closes the pipes
    if new.exists() and new.read_bytes() != (folder / PACK).read_bytes():
        raise Lost("half a pack has the name of a whole one")
    for run in all_runs(other):
        _assert_whole(folder, run)
    again = start(words)
    said = again.communicate()[1].decode()
    if again.returncode:
        raise Lost(f"code {again.returncode} the next time: {said[-300:]}")
    drafts = [
        path.name for place in (folder, other) if place.exists() for path in place.iterdir() if ".draft" in path.name
    ]
    if drafts:
        raise Lost(f"left {drafts}")
    for run in all_runs(other):
        _assert_whole(folder, run)


def _assert_whole(folder: Path, run: Path) -> None:
    good = _files(all_runs(folder / "runs")[0])
    there = _files(run)
    if {**there, "run.json": ""} != {**good, "run.json": ""} or "run.json" not in there:
        raise Lost(f"not whole: {sorted(there)}")


@case("disk full in runs export and import", goal="code 4, nothing left; done with room", full=40, quick=2, slow=True)
def full_disk_packing(plan: Plan) -> Iterator[Trial]:
    _prepare(plan.folder)
    random = Random(plan.seed)
    with small_disk(plan.folder / "disk") as disk:
        for number in range(plan.count):
            room = random.randrange((plan.folder / PACK).stat().st_size)
            yield Trial(f"room for {room} bytes, {number}", partial(_full, plan.folder, disk, room))


def _full(folder: Path, disk: Path | None, room: int) -> None:
    place = disk or folder / "disk"
    imports, exports = _import(folder / PACK, place / "other"), _export(folder, place / "new.zip")
    for words, made in ((exports, place / "new.zip"), (imports, place / "other")):
        with _scarce(disk, room):
            code, _answer, said = _run(words)
        left = list(place.iterdir())
        if code not in (0, 4) or "Traceback" in said or (code and left):
            raise Lost(f"code {code}, left {left}: {said[-300:]}")
        again, _answer, said = _run(words)
        if again or not made.exists():
            raise Lost(f"code {again} with room: {said[-300:]}")
        shutil.rmtree(made) if made.is_dir() else made.unlink()


@contextlib.contextmanager
def _scarce(disk: Path | None, room: int) -> Iterator[None]:
    """Leave so many bytes free on the disk; without one, let no file grow beyond them."""
    if disk is None:
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        return
    free = os.statvfs(disk)
    (disk / "filler").write_bytes(bytes(max(0, free.f_bavail * free.f_frsize - room)))
    try:
        yield
    finally:
        (disk / "filler").unlink()


if sys.platform == "win32":  # neither mounts nor signals
    del full_disk_packing, killed_packing
