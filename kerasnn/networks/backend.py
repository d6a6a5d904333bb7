"""What Keras computes on: TensorFlow, PyTorch or JAX. Settled before Keras is imported, once in a process."""

import os
import sys
from difflib import get_close_matches
from importlib.util import find_spec
from typing import Final

from kerasnn.errors import EnvironmentFault, UsageError

BACKENDS: Final = ("tensorflow", "torch", "jax")
DEFAULT: Final = "tensorflow"
VARIABLE: Final = "KERASNN_BACKEND"  # so that the processes of a study compute on the same
_DOOR: Final = "kerasnn.networks.runtime"


def backend() -> str:
    """The backend that Keras computes on, or will once it is imported."""
    return _checked(os.environ.get(VARIABLE) or DEFAULT)


def choose_backend(name: str) -> None:
    """Have Keras compute on `name`.

    Raises: UsageError where it is none of BACKENDS, or Keras computes on another one in this process already;
    EnvironmentFault where its package is not installed.
    """
    _checked(name)
    if _DOOR in sys.modules and name != backend():
        raise UsageError(
            f"Keras computes on {backend()} in this process already, and cannot change to {name}",
            hint=f"begin a new process, or set {VARIABLE}={name} before it begins",
        )
    if find_spec(name) is None:
        raise EnvironmentFault(
            f"the backend '{name}' is not installed",
            expected=f"the extra kerasnn[{name}]" if name != DEFAULT else "tensorflow, which comes with kerasnn",
            hint=f"pip install 'kerasnn[{name}]'" if name != DEFAULT else "pip install kerasnn",
        )
    os.environ[VARIABLE] = name


def _checked(name: str) -> str:
    if name in BACKENDS:
        return name
    near = get_close_matches("torch" if name.lower() == "pytorch" else name.lower(), BACKENDS, n=1)
    raise UsageError(
        f"the backend is '{name}'",
        expected=f"one of {', '.join(BACKENDS)}",
        hint=f"did you mean '{near[0]}'?" if near else None,
    )
