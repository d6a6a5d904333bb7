"""Read the pictures of a data set, in as many processes (`many_process`) as there are cores."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import IO, Final

import numpy as np

from kerasnn.data.archives import Within
from kerasnn.data.many_process import FAULT, RECORD
from kerasnn.data.picture_reader import too_much
from kerasnn.data.picture_stack import USUAL_SHAPE, Many, common_shape
from kerasnn.errors import DataError, EnvironmentFault, KerasnnError
from kerasnn.files.apart import LONGEST_WAIT, Apart
from kerasnn.files.limits import MOST_SECONDS
from kerasnn.files.untrusted import parse_json, visible
from kerasnn.language import _, language, ngettext
from kerasnn.platforms import cores
from kerasnn.records import Listener, Working

PROCESS: Final = "kerasnn.data.many_process"
LARGEST: Final = 2 * 1024**3  # bytes of all pictures
MOST_PROCESSES: Final = 8
WORTH_IT: Final = 200  # pictures, for which starting a process pays
MOST_FAULTS: Final = 100  # after which no more pictures are tried
LONGEST_TEXT: Final = 1 << 16  # bytes of an error
TRIED: Final = 24  # pictures, whose most common size is probably that of all


@dataclass(frozen=True)
class Sources:
    """Where pictures come from: `count` of them. `process`: the module that reads them, told what by `request`.

    `name`: of one of them, for messages.
    """

    count: int
    process: str
    request: Callable[[range, tuple[int, int]], bytes]
    name: Callable[[int], Path]


@dataclass
class _Work:
    """What the threads share: what they have read, what they could not, and whether they shall stop.

    `numbers`: of the pictures in their sources, by their places in what is `found`.
    """

    sources: Sources
    numbers: range
    found: Many
    faults: dict[int, KerasnnError] = field(default_factory=dict)
    done: Counter[int] = field(default_factory=Counter)
    stop: Event = field(default_factory=Event)


def files(paths: Sequence[Path], archive: tuple[Path, Sequence[Within | None]] | None = None) -> Sources:
    """Return files as the sources of pictures; `archive`: the one that they lie in, and their places, in its order."""
    inside, places = (str(archive[0]), archive[1]) if archive is not None else (None, [None] * len(paths))

    def request(numbers: range, shape: tuple[int, int]) -> bytes:
        form = {"shape": shape, "language": language(), "archive": inside}
        lines = [json.dumps(form), *(json.dumps([str(paths[number]), places[number]]) for number in numbers)]
        return ("\n".join(lines) + "\n").encode("ascii")

    return Sources(len(paths), PROCESS, request, paths.__getitem__)


def read_many(sources: Sources, shape: tuple[int, int] | None, listener: Listener) -> Many:
    """Read pictures in grey and scaled to `shape`; None: to `common_shape`.

    Raises: DataError if pictures are damaged or too many; EnvironmentFault if no process can be started.
    """
    everything = range(sources.count)
    if shape is not None:
        return _good(_read(sources, everything, shape, listener))
    some = everything[:: max(1, sources.count // TRIED)][:TRIED]
    likely = common_shape(_read(sources, some, USUAL_SHAPE).found.sizes)
    found = _good(_read(sources, everything, likely, listener))
    common = common_shape(found.sizes)
    return found if common == likely else _good(_read(sources, everything, common, listener))


def _read(sources: Sources, numbers: range, shape: tuple[int, int], listener: Listener | None = None) -> _Work:
    count, (rows, columns) = len(numbers), shape
    if count * rows * columns > LARGEST:
        raise DataError(
            _("{count:,} pictures of {rows} x {columns} pixels are too many", count=count, rows=rows, columns=columns),
            expected=_("at most {most:,} bytes in all", most=LARGEST),
            hint=_("scale them to fewer pixels: --size 28"),
        )
    found = Many(np.empty((count, rows, columns), np.uint8), np.zeros((count, 2), np.uint32), np.zeros(count, np.uint8))
    work, workers = _Work(sources, numbers, found), min(cores(), MOST_PROCESSES, 1 + count // WORTH_IT)
    with ThreadPoolExecutor(workers) as pool:
        try:
            jobs = [
                pool.submit(copy_context().run, _run, work, range(count)[first::workers]) for first in range(workers)
            ]
            while wait(jobs, timeout=0.2).not_done:
                if listener is not None:
                    listener(Working("reading", work.done.total(), count))
        finally:
            work.stop.set()
        for job in jobs:
            job.result()
    return work


def _good(work: _Work) -> Many:
    """Return what was read. Raises: DataError, EnvironmentFault if anything was not."""
    if work.faults:
        raise _cannot_be_read(work.faults)
    return work.found


def _cannot_be_read(faults: dict[int, KerasnnError]) -> KerasnnError:
    first, others = faults[min(faults)], len(faults) - 1
    if not others:
        return first
    text = ngettext(
        "{first}; {count} other picture cannot be read either",
        "{first}; {count} others cannot be read either",
        others,
        first=first.message,
    )
    return DataError(text, expected=first.expected, hint=first.hint)


def _run(work: _Work, places: range) -> None:
    """Read the pictures for these `places` in one process."""
    try:
        with Apart(work.sources.process) as process:
            read = _stream(work, places, process)
        if read < len(places) and not work.stop.is_set():
            work.faults[places[read]] = too_much(work.sources.name(work.numbers[places[read]]))
            work.stop.set()  # it has taken as long as thousands of pictures
    except BaseException:
        work.stop.set()
        raise


def _stream(work: _Work, places: range, process: Apart) -> int:
    """Take in what `process` answers for these `places`; return for how many it did."""
    numbers = work.numbers[places.start : places.stop : places.step]
    content = work.sources.request(numbers, work.found.shape)
    with process.stream(content, seconds=LONGEST_WAIT + MOST_SECONDS * len(numbers)) as answers:
        for read, place in enumerate(places):
            if work.stop.is_set():
                return read
            if not _take(work, place, answers):
                process.check_ready()
                return read
            work.done[places.start] += 1
            if len(work.faults) > MOST_FAULTS:
                work.stop.set()
    return len(places)


def _take(work: _Work, place: int, answers: IO[bytes]) -> bool:
    """Take in the answer for one picture, checked: a hijacked process could have written anything."""
    head = answers.read(RECORD.size)
    if len(head) < RECORD.size:
        return False
    flags, rows, columns, length = RECORD.unpack(head)
    image = work.found.images[place]
    if flags & FAULT:
        fault = _fault(answers.read(length)) if length <= LONGEST_TEXT else None
        if fault is not None:
            work.faults[place] = fault
        return fault is not None
    if length != image.size or len(pixels := answers.read(length)) != length:
        return False
    image[:] = np.frombuffer(pixels, np.uint8).reshape(image.shape)
    work.found.flags[place], work.found.sizes[place] = flags, (rows, columns)
    return True


def _fault(content: bytes) -> KerasnnError | None:
    try:
        code, *texts = parse_json(content)
        message, expected, hint = (None if text is None else visible(str(text)) for text in texts)
    except (ValueError, TypeError):
        return None
    kind = EnvironmentFault if code == EnvironmentFault.code else DataError
    return kind(message or "", expected=expected, hint=hint)
