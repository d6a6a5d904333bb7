"""What the lab says on stderr about a bug of its own: one line, never a traceback."""

import sys
import traceback
from contextlib import suppress


def log_bug(request: str, bug: BaseException) -> None:
    """Name the request that met a bug, the exception, and the line that raised it."""
    frames = traceback.extract_tb(bug.__traceback__)
    place = f", {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    reason = " ".join(str(bug).split())[:300]
    with suppress(OSError, ValueError):  # the terminal may be gone
        sys.stderr.write(f"kerasnn lab: {request!a}: {type(bug).__name__}: {reason}{place}\n")
        sys.stderr.flush()
