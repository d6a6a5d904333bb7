"""Read a run that anybody may have packed: checked like every foreign file, and there complete or not at all."""

import os
import zipfile
from collections.abc import Mapping
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

from kerasnn.errors import ModelFileError, UsageError
from kerasnn.files.atomic import drafting
from kerasnn.files.packed import MOST_TIMES, Refused, blocks, is_bomb, opened
from kerasnn.files.paths import RUNS, expanded
from kerasnn.files.untrusted import parse_json
from kerasnn.language import _
from kerasnn.platforms import flush, replace
from kerasnn.records import ImportedRun
from kerasnn.runs.author import MANIFEST, checked_author
from kerasnn.runs.folder import MODELS, RECORD, read_record, require_folder, saved_model
from kerasnn.runs.listing import restore_run
from kerasnn.runs.pack import (
    CURVES,
    FORMAT,
    LARGEST_PACK,
    MANIFEST_LIMIT,
    MEMBERS,
    REPORT,
    STATES,
    digests,
    parts_of,
    run_id,
)
from kerasnn.runs.pack_check import check_unpacked


def import_run(file: str | Path, *, out: str | Path = RUNS) -> ImportedRun:
    """Read a run that `export_run` packed into a new folder in `out`, and return what its record says.

    Nothing is overwritten: a run that is there already is named; if its name stands for another run, the new one gets a
    number. `latest` stays as it is.

    Raises: ModelFileError if the file is damaged, not safe, or no packed run; EnvironmentFault if `out` cannot be
    written. Nothing is left behind then.
    """
    path, out = expanded(file), expanded(out)
    require_folder(out)
    limits = {MANIFEST: MANIFEST_LIMIT, **MEMBERS}
    try:
        with opened(path, limits, most=LARGEST_PACK) as archive:
            manifest, name = _identity(archive, path.stat().st_size)
            with drafting(out) as draft:
                folder = draft / name
                changed = _unpack(archive, folder, manifest["sha256"])
                run, notes = check_unpacked(folder, changed)
                place, already = _place(folder, out)
    except Refused as error:
        raise _not_imported(path, str(error)) from None
    except OSError as error:
        raise _not_imported(path, error.strerror or str(error)) from None
    model = saved_model(place)
    return ImportedRun(
        run=place.name,
        folder=str(place),
        file=str(path),
        author=manifest["author"],
        already_here=already,
        model=str(model) if model else None,
        notes=notes,
        **{name: getattr(run, name) for name in ("stage", "status", "validation", "test")},
    )


def _not_imported(path: Path, reason: str) -> ModelFileError:
    return ModelFileError(
        _("{path} is not a run that can be imported: {reason}", path=path, reason=reason),
        expected=_("a file written by kerasnn runs export"),
    )


def _identity(archive: zipfile.ZipFile, size: int) -> tuple[dict[str, Any], str]:
    """Return the manifest, and the run's id; `size`: of the file. Raises: Refused."""
    entries, names = archive.infolist(), archive.namelist()
    # the sizes of packed members that the archive tells may be false
    if is_bomb(size, sum(entry.file_size for entry in entries)):
        raise Refused(_("it unpacks to more than {times} times its size", times=MOST_TIMES))
    for either in (MODELS, STATES):
        if set(either) <= set(names):
            raise Refused(_("it holds {names}", names=", ".join(either)))
    missing = [name for name in (MANIFEST, RECORD) if name not in names]
    if missing:
        raise Refused(_("it lacks {names}", names=", ".join(missing)))
    manifest, record = (_json(archive, name) for name in (MANIFEST, RECORD))
    form, author, own = (manifest.get(key) for key in ("format", "author", "sha256"))
    if form != FORMAT:
        raise Refused(
            _(
                "its format is {format}, but this version of kerasnn reads format {expected}",
                format=str(form)[:20],
                expected=FORMAT,
            )
        )
    if not isinstance(own, dict) or not (author is None or isinstance(author, str)):
        raise Refused(_("{name} is not what kerasnn writes", name=MANIFEST))
    try:
        return {"author": author and checked_author(author), "sha256": own}, run_id(record)
    except (UsageError, ModelFileError) as error:
        raise Refused(error.message) from None


def _json(archive: zipfile.ZipFile, name: str) -> dict[str, Any]:
    try:
        content = parse_json(b"".join(blocks(archive, name)))
    except ValueError as error:
        raise Refused(_("{name} is damaged: {error}", name=name, error=error)) from None
    if not isinstance(content, dict):
        raise Refused(_("{name} is not what kerasnn writes", name=name))
    return content


def _unpack(archive: zipfile.ZipFile, folder: Path, expected: Mapping[str, Any]) -> tuple[str, ...]:
    """Write the members to `folder`, and return the names of those that are not as the manifest says."""
    found: dict[str, str] = {}
    for name in archive.namelist():
        target, digest = folder / name, sha256()
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            for block in blocks(archive, name):
                digest.update(block)
                file.write(block)
        flush(target)
        if name != MANIFEST:
            found[name] = digest.hexdigest()
    return tuple(name for name in MEMBERS if found.get(name) != expected.get(name))


def _place(folder: Path, out: Path) -> tuple[Path, bool]:
    """Move the `folder` of a run to its place in `out`; return that, and True if the run was there before."""
    for number in count(1):
        place = out / (folder.name if number == 1 else f"{folder.name}-{number}")
        if not os.path.lexists(place):
            try:
                replace(folder, place)
            except OSError:
                if not os.path.lexists(place):  # else another process was quicker
                    raise
            else:
                flush(out)
                return place, False
        if _is_same(place, folder):
            return place, True
    raise AssertionError("unreachable")


def _is_same(place: Path, folder: Path) -> bool:
    """Return whether the run in the folder `place` is the one in `folder`, pictures and pages aside."""
    try:
        restore_run(read_record(place), place / RECORD)
        before, now = (digests(parts_of(each)) for each in (place, folder))
    except (ModelFileError, OSError):
        return False
    return all(before.get(name) == now.get(name) for name in MEMBERS if name not in (CURVES, REPORT))
