"""A run's fingerprint: everything that its weights depend on. A resumed run must have the same one."""

from collections.abc import Mapping
from typing import Any, Final

from kerasnn.lecture.hyperparameters import Settings
from kerasnn.records import Json, Note, plain_object
from kerasnn.records.note import Code
from kerasnn.runs.environment import SWITCHES, release

PACKAGES: Final = ("kerasnn", "tensorflow", "keras", "numpy")
NEWER_KEYS: Final = ("processor", *SWITCHES)  # missing from records of early versions


def fingerprint(record: Mapping[str, Any]) -> dict[str, Json]:
    """Return, by name, everything that must be equal for bitwise equal weights; `record`: the content of a run.json.

    The number of epochs is left out, because a longer training begins like a shorter one.
    """
    environment = record["environment"]
    settings = {name: value for name, value in record["settings"].items() if name != "epochs"}
    return {
        "stage": record["stage"],
        "engine": record["engine"],
        "callbacks": record.get("callbacks", []),
        **settings,
        "data": record["dataset"]["sha256"],
        **{package: environment["versions"].get(package) for package in PACKAGES},
        "backend": environment.get("backend"),
        "device": environment["device"],
        "threads": environment["threads"],  # XLA splits sums among them, which changes the last bits
        **({"processor": environment["processor"]} if environment.get("processor") else {}),
        **{switch: environment.get("switches", {}).get(switch) for switch in SWITCHES},
    }


def differences(before: Mapping[str, Json], now: Mapping[str, Json]) -> tuple[Note, ...]:
    """Return a note for each value that differs between two fingerprints.

    Patch releases of kerasnn count as equal. A setting that `before` lacks did not exist in the version that wrote it,
    so it counts as having its default.
    """
    before, now = _comparable(before), _comparable(now)
    known = [name for name in now if name in before or name not in NEWER_KEYS]
    return tuple(
        Note(
            Code.RESUMED_DESPITE,
            {"name": name, "before": _short(before.get(name)), "now": _short(now.get(name))},
        )
        for name in dict.fromkeys((*before, *known))
        if before.get(name) != now.get(name)
    )


def _comparable(fingerprint: Mapping[str, Json]) -> dict[str, Json]:
    defaults = {name: value for name, value in plain_object(Settings()).items() if name != "epochs"}
    return {**defaults, **fingerprint, "kerasnn": release(str(fingerprint.get("kerasnn")))}


def _short(value: Json) -> Any:
    """Shorten `value` for a note; the first characters of a digest are enough to recognise it."""
    if isinstance(value, list):
        return tuple(value)
    return f"{value[:12]}..." if isinstance(value, str) and len(value) > 20 else value
