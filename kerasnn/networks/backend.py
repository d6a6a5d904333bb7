"""The backend of Keras: TensorFlow, PyTorch or JAX, chosen once per process; what to check before Keras is imported."""

import os
import sys
from importlib.util import find_spec
from typing import Final

from kerasnn.errors import EnvironmentFault, UsageError, look_up
from kerasnn.language import _
from kerasnn.platforms import address_space_limit
from kerasnn.records import Listener, Working

BACKENDS: Final = ("tensorflow", "torch", "jax")
DEFAULT: Final = "tensorflow"
VARIABLE: Final = "KERASNN_BACKEND"  # an environment variable, so that worker processes inherit it
ADDRESS_SPACE: Final = 3_000_000_000  # bytes; TensorFlow maps at least as many, and uses few of them
_IMPORTER: Final = "kerasnn.networks.runtime"  # the only module that imports Keras


def backend() -> str:
    """Return the backend that Keras uses, or will use once it is imported. Raises: UsageError."""
    return checked(os.environ.get(VARIABLE) or DEFAULT)


def choose_backend(name: str) -> None:
    """Make Keras use the backend `name`.

    Raises: UsageError if it is not one of BACKENDS, or Keras already uses another in this process; EnvironmentFault if
    its package is not installed.
    """
    checked(name)
    if _IMPORTER in sys.modules and name != backend():
        raise UsageError(
            _(
                "Keras already uses the backend {backend} in this process and cannot change to {name}",
                backend=backend(),
                name=name,
            ),
            hint=_("start a new process, with {VARIABLE}={name} set if need be", VARIABLE=VARIABLE, name=name),
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


def announce_import(listener: Listener) -> None:
    """Tell `listener` that the backend is about to be imported, unless it has been."""
    if _IMPORTER not in sys.modules:
        listener(Working(backend()))


def checked(name: str) -> str:
    """Return `name` if it is one of BACKENDS. Raises: UsageError otherwise."""
    return look_up(name, {each: each for each in BACKENDS}, _("the backend is '{name}'", name=name))


def require_address_space() -> None:
    """Raise EnvironmentFault if the address space is limited (ulimit -v) to less than TensorFlow maps.

    Importing TensorFlow would kill the process without a message.
    """
    limit = address_space_limit()
    if limit is not None and limit < ADDRESS_SPACE:
        raise EnvironmentFault(
            _("the address space is limited to {limit:.1f} GB", limit=limit / 1e9),
            expected=_("{ADDRESS_SPACE:.0f} GB or no limit, for TensorFlow", ADDRESS_SPACE=ADDRESS_SPACE / 1e9),
            hint=_("ulimit -v unlimited, or ask whoever set the limit"),
        )
