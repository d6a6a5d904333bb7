"""The environment of a run: versions, device, threads and processor."""

import os
import platform
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, metadata, requires, version
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement

from kerasnn.networks.backend import backend
from kerasnn.records import Environment

SWITCHES: Final = ("TF_ENABLE_ONEDNN_OPTS", "XLA_FLAGS")  # environment variables that change the last bits of results
PACKAGES: Final = ("kerasnn", "tensorflow", "keras", "numpy", "scikit-learn", "h5py")
OF_BACKEND: Final[Mapping[str, tuple[str, ...]]] = {"tensorflow": (), "torch": ("torch",), "jax": ("jax", "jaxlib")}


def versions(backend: str = "tensorflow") -> dict[str, str]:
    """Return the versions of Python and of the packages that a run's metrics depend on; `backend`: of Keras."""
    found = {"python": platform.python_version()}
    for package in (*PACKAGES, *OF_BACKEND[backend]):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def release(version: str) -> str:
    """Return the version without its patch number, "1.2" for "1.2.3": patch releases of kerasnn compute the same."""
    return ".".join(version.split(".")[:2])


def environment(*, with_keras: bool) -> Environment:
    """Describe this machine as the training library sees it; `with_keras`: load Keras' backend, and ask that."""
    if not with_keras:  # scikit-learn, whose result does not depend on the number of threads
        return Environment(versions(), platform.platform(), "CPU", 1, processor=processor())
    from kerasnn.networks import runtime

    return Environment(
        versions(backend()),
        platform.platform(),
        runtime.device(),
        runtime.threads(),
        backend(),
        processor(),
        {name: os.environ[name] for name in SWITCHES if os.environ.get(name)},
    )


@cache
def processor() -> str:
    """Return the model of the processor, or its architecture if the model is unknown.

    The processor's instruction set decides how sums are split up, and so the last bits of the weights.
    """
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()


def extras() -> dict[str, bool]:
    """Return, for each extra of kerasnn, whether everything that it requires is installed."""
    try:
        names = metadata("kerasnn").get_all("Provides-Extra") or []
    except PackageNotFoundError:
        return {}
    return {name: all(map(_installed, _required_by("kerasnn", name))) for name in names}


def _required_by(package: str, extra: str) -> list[Requirement]:
    """Return what `package[extra]` requires beyond `package` itself."""

    def holds(requirement: Requirement, extra: str) -> bool:
        return requirement.marker is None or requirement.marker.evaluate({"extra": extra})

    requirements = map(Requirement, requires(package) or [])
    return [each for each in requirements if holds(each, extra) and not holds(each, "")]


def _installed(requirement: Requirement) -> bool:
    try:
        version(requirement.name)
    except PackageNotFoundError:
        return False
    return all(_installed(each) for extra in requirement.extras for each in _required_by(requirement.name, extra))
