"""A Keras callback that lets the lab see the weights of a network while it is trained."""

from typing import Final

from kerasnn.networks.architecture import Architecture
from kerasnn.networks.builders import network_of
from kerasnn.networks.forward import Network
from kerasnn.networks.runtime import keras

MOST_PARAMETERS: Final = 2_000_000  # of a network whose weights are shown while they are trained


class Onlooker(keras.callbacks.Callback):  # type: ignore[misc]
    """Knows the model that is trained, and changes nothing."""

    only_watches = True

    def __init__(self, architecture: Architecture) -> None:
        super().__init__()
        self.architecture = architecture

    def network(self) -> Network | None:
        """Return the network as it is now; None before its training begins, and for one that is too large to show."""
        if self.model is None or self.architecture.parameters > MOST_PARAMETERS:
            return None
        return network_of(self.model, self.architecture)
