"""What Keras computes on: TensorFlow, PyTorch or JAX. Settled before Keras is imported, once in a process."""

import os
import sys
from importlib.util import find_spec
from typing import Final

from kerasnn.errors import EnvironmentFault, UsageError, did_you_mean
from kerasnn.language import _

BACKENDS: Final = ("tensorflow", "torch", "jax")
DEFAULT: Final = "tensorflow"
VARIABLE: Final = "KERASNN_BACKEND"  # so that the processes of a study compute on the same
_DOOR: Final = "kerasnn.networks.runtime"


def backend() -> str:
    """The backend that Keras computes on, or will once it is imported."""
    return checked(os.environ.get(VARIABLE) or DEFAULT)


def choose_backend(name: str) -> None:
    """Have Keras compute on `name`.

    Raises: UsageError where it is none of BACKENDS, or Keras computes on another one in this process already;
    EnvironmentFault where its package is not installed.
    """
    checked(name)
    if _DOOR in sys.modules and name != backend():
        raise UsageError(
            _(
                "Keras computes on {backend} in this process already, and cannot change to {name}",
                backend=backend(),
                name=name,
            ),
            hint=_("begin a new process, or set {VARIABLE}={name} before it begins", VARIABLE=VARIABLE, name=name),
        )
    if find_spec(name) is None:
        raise EnvironmentFault(
            _("the backend '{name}' is not installed", name=name),
            expected=_("the extra kerasnn[{name}]", name=name)
            if name != DEFAULT
            else _("tensorflow, which comes with kerasnn"),
            hint=_("pip install 'kerasnn[{name}]'", name=name) if name != DEFAULT else _("pip install kerasnn"),
        )
    os.environ[VARIABLE] = name


def checked(name: str) -> str:
    """`name`, where it is one of BACKENDS. Raises: UsageError."""
    if name in BACKENDS:
        return name
    raise UsageError(
        _("the backend is '{name}'", name=name),
        expected=_("one of {names}", names=", ".join(BACKENDS)),
        hint=did_you_mean(name, BACKENDS),
    )
