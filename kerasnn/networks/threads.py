"""How many threads an operation may use: chosen once per process, because TensorFlow fixes it when it starts.

XLA splits sums among the threads, so the last bits of the weights depend on their number. It must not depend on the
machine, and a step of the lecture's networks is too short to share: with one thread an epoch takes a fifth longer on a
quiet machine, with two half as long again beside one other busy process.
"""

import os
import sys
from typing import Final

from kerasnn.errors import UsageError
from kerasnn.language import _
from kerasnn.platforms import cores

VARIABLE: Final = "TF_NUM_INTRAOP_THREADS"  # TensorFlow's own
MOST_THREADS: Final = 1024
SHARED_FROM: Final = 10_000_000  # weights times images of a batch; see docs/numbers.md
_IMPORTER: Final = "kerasnn.networks.runtime"  # the only module that imports Keras
_chosen: dict[str, int] = {}


def threads_for(parameters: int, batch_size: int) -> int:
    """Return the default for a network: one, or all cores if a step is long enough to share."""
    return 1 if parameters * batch_size < SHARED_FROM else cores()


def chosen_threads() -> int:
    """Return the number that was chosen, by the user in TF_NUM_INTRAOP_THREADS at the latest; else one."""
    return _chosen.get("threads") or _by_variable() or 1


def choose_threads(asked: int | None, default: object = 1) -> None:
    """Make Keras use `asked` threads or, if it is None, those of the environment variable or else the `default`.

    Once Keras has been imported, a default changes nothing. A `default` that is no such number counts as one.

    Raises: UsageError if Keras already uses another number than `asked`.
    """
    if asked is not None and not 1 <= asked <= MOST_THREADS:
        raise UsageError(
            _("--threads is {number}", number=asked), expected=_("a number from 1 to {most}", most=MOST_THREADS)
        )
    if _IMPORTER not in sys.modules:
        usable = default if isinstance(default, int) and 1 <= default <= MOST_THREADS else 1
        _chosen["threads"] = asked or _by_variable() or usable
    elif asked not in (None, chosen_threads()):
        raise UsageError(
            _(
                "Keras already uses {number} threads in this process and cannot change to {asked}",
                number=chosen_threads(),
                asked=asked,
            ),
            hint=_("start a new process"),
        )


def _by_variable() -> int | None:
    text = os.environ.get(VARIABLE, "")
    return int(text) if text.isdecimal() and 1 <= int(text) <= MOST_THREADS else None
