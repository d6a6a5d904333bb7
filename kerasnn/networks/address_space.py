"""A check before TensorFlow is imported: with too little address space it ends the whole process without a message."""

import sys
from typing import Final

from kerasnn.errors import EnvironmentFault
from kerasnn.language import _

ADDRESS_SPACE: Final = 3_000_000_000  # bytes that TensorFlow maps at least; most are never touched


def require_address_space() -> None:
    """Raise EnvironmentFault if the address space is limited (ulimit -v) to less than TensorFlow maps."""
    if sys.platform == "win32":
        return
    import resource

    limit, _hard = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY and limit < ADDRESS_SPACE:
        raise EnvironmentFault(
            _("the address space is limited to {limit:.1f} GB", limit=limit / 1e9),
            expected=_("{ADDRESS_SPACE:.0f} GB or no limit, for TensorFlow", ADDRESS_SPACE=ADDRESS_SPACE / 1e9),
            hint=_("ulimit -v unlimited, or ask whoever set the limit"),
        )
