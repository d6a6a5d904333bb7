"""Whether TensorFlow has room to start: where it has too little it ends the whole process without a word."""

import sys
from typing import Final

from kerasnn.errors import EnvironmentFault

ADDRESS_SPACE: Final = 3_000_000_000  # bytes it maps at the least; most of them are never touched


def refuse_little_room() -> None:
    """Raises: EnvironmentFault where the address space is limited (ulimit -v) to less than TensorFlow maps."""
    if sys.platform == "win32":
        return
    import resource

    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY and limit < ADDRESS_SPACE:
        raise EnvironmentFault(
            f"the address space is limited to {limit / 1e9:.1f} GB",
            expected=f"{ADDRESS_SPACE / 1e9:.0f} GB or no limit, for TensorFlow",
            hint="ulimit -v unlimited, or ask whoever set the limit",
        )
