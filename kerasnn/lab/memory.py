"""Whether a training fits into memory, asked before it begins: the system would kill the process that trains."""

from typing import Final

from kerasnn.errors import UsageError
from kerasnn.language import _
from kerasnn.lecture.hyperparameters import Settings
from kerasnn.networks.architecture import Architecture
from kerasnn.platforms import memory_left

# for each parameter: its value, those of the last and best epoch, its slope, the optimizer's two, and the saved copies
BYTES_PER_PARAMETER: Final = 48
BYTES_PER_VALUE: Final = 16  # of each value that an image of a batch becomes


def refuse_unless_fits(architecture: Architecture, settings: Settings) -> None:
    """Raise UsageError if training the network would take more memory than this machine has left."""
    needed = BYTES_PER_PARAMETER * architecture.parameters
    needed += BYTES_PER_VALUE * architecture.widest * len(architecture.layers) * settings.batch_size
    available = memory_left()
    if available is not None and needed > available:
        raise UsageError(
            _("training this network takes about {needed:,.0f} MB of memory", needed=needed / 1e6),
            expected=_("at most {available:,.0f} MB, which this machine has left", available=available / 1e6),
            hint=_("use fewer --hidden units or a smaller --batch-size"),
        )
