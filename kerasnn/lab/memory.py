"""Whether a training fits into memory, asked before it begins: the system would kill the process that trains."""

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Final

from kerasnn.errors import UsageError
from kerasnn.language import _
from kerasnn.lecture.hyperparameters import Settings
from kerasnn.networks.architecture import Architecture

# for each parameter: its value, those of the last and best epoch, its slope, the optimizer's two, and the saved copies
BYTES_PER_PARAMETER: Final = 48
BYTES_PER_VALUE: Final = 16  # of each value that an image of a batch becomes


def refuse_unless_fits(architecture: Architecture, settings: Settings) -> None:
    """Raise UsageError if training the network would take more memory than this machine has left."""
    needed = BYTES_PER_PARAMETER * architecture.parameters
    needed += BYTES_PER_VALUE * architecture.widest * len(architecture.layers) * settings.batch_size
    available = _available()
    if available is not None and needed > available:
        raise UsageError(
            _("training this network takes about {needed:,.0f} MB of memory", needed=needed / 1e6),
            expected=_("at most {available:,.0f} MB, which this machine has left", available=available / 1e6),
            hint=_("use fewer --hidden units or a smaller --batch-size"),
        )


def _available() -> int | None:
    """Return the bytes that this machine, or this container, has left; None if the system does not say."""
    found: list[int] = []
    with suppress(OSError, ValueError, AttributeError):
        found.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    with suppress(OSError):  # Linux
        text = Path("/proc/meminfo").read_text(encoding="ascii")
        found += [1024 * int(each) for each in re.findall(r"MemAvailable: +([0-9]+) kB", text)]
    with suppress(OSError, ValueError):  # a container; "max" is no number
        limit, used = (Path(f"/sys/fs/cgroup/memory.{each}").read_text(encoding="ascii") for each in ("max", "current"))
        found.append(int(limit) - int(used))
    return min(found, default=None)
