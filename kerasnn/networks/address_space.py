"""Check the address space before TensorFlow is imported: with too little, it kills the process without a message."""

import sys
from typing import Final

from kerasnn.errors import EnvironmentFault
from kerasnn.language import _

ADDRESS_SPACE: Final = 3_000_000_000  # bytes; TensorFlow maps at least as many, and uses few of them


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
