"""The environment of a run: versions, device, threads and processor; and the fingerprint, all that its weights need.

A resumed run must have the fingerprint it began with.
"""

import os
import platform
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, metadata, requires, version
from typing import Any, Final

from packaging.requirements import Requirement

from kerasnn.lecture.hyperparameters import Settings
from kerasnn.networks.backend import backend
from kerasnn.platforms import processor_lines
from kerasnn.records import Environment, Json, Note, plain_object
from kerasnn.records.codes import Code

SWITCHES: Final = ("TF_ENABLE_ONEDNN_OPTS", "XLA_FLAGS")  # environment variables that change the last bits of results
FINGERPRINTED: Final = ("kerasnn", "tensorflow", "keras", "numpy")
PACKAGES: Final = ("kerasnn", "tensorflow", "keras", "numpy", "scikit-learn", "h5py")
NEWER_KEYS: Final = ("processor", *SWITCHES)  # missing from records of early versions
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
    found = next(iter(processor_lines("model name")), "").partition(":")[2].strip()
    return found or platform.processor() or platform.machine()


def fingerprint(record: Mapping[str, Any]) -> dict[str, Json]:
    """Return, by name, everything that must be equal for bitwise equal weights; `record`: the content of a run.json.

    The number of epochs is left out, because a longer training begins like a shorter one.
    """
    machine = record["environment"]
    settings = {name: value for name, value in record["settings"].items() if name != "epochs"}
    return {
        "stage": record["stage"],
        "engine": record["engine"],
        "callbacks": record.get("callbacks", []),
        **settings,
        "data": record["dataset"]["sha256"],
        **{package: machine["versions"].get(package) for package in FINGERPRINTED},
        "backend": machine.get("backend"),
        "device": machine["device"],
        "threads": machine["threads"],  # XLA splits sums among them, which changes the last bits
        **({"processor": machine["processor"]} if machine.get("processor") else {}),
        **{switch: machine.get("switches", {}).get(switch) for switch in SWITCHES},
    }


def differences(before: Mapping[str, Json], now: Mapping[str, Json]) -> tuple[Note, ...]:
    """Return a note for each value that differs between two fingerprints.

    Patch releases of kerasnn count as equal. A setting that `before` lacks did not exist in the version that wrote it,
    so it counts as having its default.
    """
    defaults = {name: value for name, value in plain_object(Settings()).items() if name != "epochs"}
    before, now = ({**defaults, **each, "kerasnn": release(str(each.get("kerasnn")))} for each in (before, now))
    known = [name for name in now if name in before or name not in NEWER_KEYS]
    return tuple(
        Note(Code.RESUMED_DESPITE, {"name": name, "before": _short(before.get(name)), "now": _short(now.get(name))})
        for name in dict.fromkeys((*before, *known))
        if before.get(name) != now.get(name)
    )


def _short(value: Json) -> Any:
    if isinstance(value, list):  # from JSON
        return tuple(value)
    # the first characters of a digest are enough to recognise it
    return f"{value[:12]}..." if isinstance(value, str) and len(value) > 20 else value


def extras() -> dict[str, bool]:
    """Return, for each extra of kerasnn, whether everything that it requires is installed."""
    try:
        names = metadata("kerasnn").get_all("Provides-Extra") or []
    except PackageNotFoundError:
        return {}
    return {name: all(map(_installed, _required_by("kerasnn", name))) for name in names}


def _required_by(package: str, extra: str) -> list[Requirement]:
    requirements = map(Requirement, requires(package) or [])
    marked = [each for each in requirements if each.marker is not None]  # the others are the package's own
    return [
        each
        for each in marked
        if each.marker and each.marker.evaluate({"extra": extra}) and not each.marker.evaluate({"extra": ""})
    ]


def _installed(requirement: Requirement) -> bool:
    try:
        version(requirement.name)
    except PackageNotFoundError:
        return False
    return all(_installed(each) for extra in requirement.extras for each in _required_by(requirement.name, extra))
