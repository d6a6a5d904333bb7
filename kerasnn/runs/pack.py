"""A run packed into one file: a zip with a fixed list of members, the same bytes for the same run.

Nothing in it is compressed, because compressors differ, and its record names no folder of the machine.
"""

import hashlib
import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from shutil import copyfileobj
from stat import S_IFREG
from typing import Any, Final

from kerasnn.data import user_data
from kerasnn.data.user_data import NAMES_FILE
from kerasnn.errors import ModelFileError
from kerasnn.files.atomic import check_place, replacing
from kerasnn.files.owned import check_replaceable
from kerasnn.files.paths import RUNS, expanded
from kerasnn.language import _
from kerasnn.networks.files import archive as model_files
from kerasnn.records import PackedRun
from kerasnn.runs import checkpoint
from kerasnn.runs.author import MANIFEST, author_of, checked_author
from kerasnn.runs.folder import CHECKPOINT, LARGEST_RECORD, PLOTS, RECORD, find_run, locked, read_record
from kerasnn.runs.history import HISTORY
from kerasnn.runs.listing import restore_run
from kerasnn.runs.portable import portable
from kerasnn.runs.seal import file_digest, problems_in

SUFFIX: Final = ".kerasnn.zip"
FORMAT: Final = 1
REPORT: Final = "report.html"
CURVES: Final = f"{PLOTS}/curves.png"
STATES: Final = (checkpoint.STATE, f"{CHECKPOINT}/{checkpoint.STATE}")
LARGEST_PACK: Final = (1 << 31) - 1  # bytes; a larger zip has another form
# the members beside the manifest in their order, and the most bytes of each
MEMBERS: Final[Mapping[str, int]] = {
    RECORD: LARGEST_RECORD,
    HISTORY: LARGEST_RECORD,
    NAMES_FILE: user_data.LARGEST,
    "model.keras": model_files.LARGEST_FILE,
    "model.npz": model_files.LARGEST,
    **dict.fromkeys(STATES, checkpoint.LARGEST_FILE),
    CURVES: 1 << 24,
    REPORT: 1 << 26,
}
MANIFEST_LIMIT: Final = 1 << 16
_ID: Final = re.compile(r"[0-9]{8}-[0-9]{6}-[a-z0-9-]{1,60}-s[0-9]{1,20}(-[0-9]{1,6})?")


def export_run(
    run: str,
    file: str | Path | None = None,
    *,
    out: str | Path = RUNS,
    author: str | None = None,
    report: str | None = None,
    force: bool = False,
) -> PackedRun:
    """Pack a run into one file: its record, history, model, curves, and the state that more epochs start from.

    `run`: as in `open_run`. `file`: by default the run's id and `.kerasnn.zip`, in the working folder. `author`: whose
    run it is. `report`: a page as HTML, in place of a report.html in the run's folder. `force`: replace any file, not
    only an earlier one of the same run.

    Raises: UsageError, ModelFileError if the run is damaged, EnvironmentFault if it is being trained.
    """
    folder = find_run(run, expanded(out))
    with locked(folder):
        record = read_record(folder)
        problems = problems_in(restore_run(record, folder / RECORD).notes)
        path = place_of(run, file, out=out, force=force)
        author = checked_author(author) if author is not None else author_of(folder)
        parts = parts_of(folder)
        if report is not None:
            parts[REPORT] = report.encode()
        manifest = {"format": FORMAT, "run": run_id(record), "author": author, "sha256": digests(parts)}
        content = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
        write_pack(path, {MANIFEST: content.encode(), **parts})
    return PackedRun(run_id(record), str(path), path.stat().st_size, author, tuple(parts), problems)


def run_id(record: Mapping[str, Any]) -> str:
    """Return the id that a run began with, by its record. Raises: ModelFileError if that is not one."""
    name = record.get("run")
    if not isinstance(name, str) or not _ID.fullmatch(name):
        raise ModelFileError(
            _("the record gives the run the id {name}", name=repr(name)[:80]),
            expected=_("date, time, stage and seed, as in 20261124-101500-adam-s42"),
        )
    return name


def place_of(run: str, file: str | Path | None = None, *, out: str | Path = RUNS, force: bool = False) -> Path:
    """Return where `export_run`, given the same, writes to.

    Raises: UsageError if something else than a pack of `run` is there; EnvironmentFault if it cannot be written.
    """
    packed = run_id(read_record(find_run(run, expanded(out))))
    path = expanded(file) if file is not None else Path(f"{packed}{SUFFIX}")
    hint = _("name another file with --out, or add --force to replace it")
    check_replaceable(path, force=force or _packed_run(path) == packed, hint=hint)
    check_place(path, hint=_("name another place with {flag}", flag="--out"))
    return path


def _packed_run(path: Path) -> str | None:
    """Return the id of the run that was packed into `path`, as far as its first bytes tell; None if it is no pack."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        found = re.match(rb'PK\x03\x04.*?"format": \d+,\s+"run": "([^"]+)"', file.read(1024), re.DOTALL)
    return found[1].decode("utf-8", "replace") if found else None


def parts_of(folder: Path) -> dict[str, bytes | Path]:
    """Return the members of a run in `folder` by name: the record as bytes, the others as paths.

    Raises: ModelFileError if one is a link, or they are too large.
    """
    parts: dict[str, bytes | Path] = {}
    room = LARGEST_PACK - MANIFEST_LIMIT
    for name, limit in MEMBERS.items():
        path = folder / name
        if path.is_symlink() or (folder / name.partition("/")[0]).is_symlink():
            raise ModelFileError(_("{path} is a link", path=path), expected=_("the files of the run itself"))
        if path.is_file():
            parts[name], size, most = path, path.stat().st_size, min(limit, room)
            if size > most:
                raise ModelFileError(
                    _("{path} is {size:,} bytes", path=path, size=size), expected=_("at most {most:,}", most=most)
                )
            room -= size
    parts[RECORD] = portable(read_record(folder))
    return parts


def digests(parts: Mapping[str, bytes | Path]) -> dict[str, str]:
    """Return the sha256 of each part."""
    return {
        name: hashlib.sha256(part).hexdigest() if isinstance(part, bytes) else file_digest(part)
        for name, part in parts.items()
    }


def write_pack(path: Path, members: Mapping[str, bytes | Path]) -> None:
    """Write a zip of `members`, in their order, to `path`: whole or not at all. Raises: EnvironmentFault."""
    with replacing(path) as draft, zipfile.ZipFile(draft, "w") as archive:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name)  # of 1 January 1980
            entry.create_system, entry.external_attr = 3, (S_IFREG | 0o644) << 16  # as on Unix, wherever it is written
            entry.file_size = len(content) if isinstance(content, bytes) else content.stat().st_size
            with archive.open(entry, "w") as member:
                if isinstance(content, bytes):
                    member.write(content)
                    continue
                with content.open("rb") as source:
                    copyfileobj(source, member)
