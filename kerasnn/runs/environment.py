"""What a run ran on."""

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from kerasnn.records import Environment

PACKAGES: Final = ("kerasnn", "tensorflow", "keras", "numpy", "scikit-learn", "h5py")


def versions() -> dict[str, str]:
    """The versions of Python and of the packages that a run's figures depend on."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def environment(*, with_keras: bool) -> Environment:
    """This machine, as the library that trains sees it. `with_keras` loads TensorFlow to ask it."""
    if not with_keras:
        return Environment(versions(), platform.platform(), "CPU", 1)  # SGDClassifier learns on one thread
    from kerasnn.networks import runtime

    return Environment(versions(), platform.platform(), runtime.device(), runtime.threads())
