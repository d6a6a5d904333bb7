"""What a run's weights depend on, so that a resumed one can be held against it."""

from collections.abc import Mapping
from typing import Any, Final

from kerasnn.lecture.hyperparameters import Settings
from kerasnn.records import Json, Note, plain_object
from kerasnn.records.note import Code
from kerasnn.runs.environment import SWITCHES, release

PACKAGES: Final = ("kerasnn", "tensorflow", "keras", "numpy")
NOT_ALWAYS_KEPT: Final = ("processor", *SWITCHES)  # the first runs do not tell them


def fingerprint(record: Mapping[str, Any]) -> dict[str, Json]:
    """By name all that has to be the same for bitwise the same weights; `record`: the content of a run.json.

    The number of epochs is not among it: a longer training begins as a shorter one does.
    """
    surroundings = record["environment"]
    settings = {name: value for name, value in record["settings"].items() if name != "epochs"}
    return {
        "stage": record["stage"],
        "engine": record["engine"],
        "callbacks": record.get("callbacks", []),
        **settings,
        "data": record["dataset"]["sha256"],
        **{package: surroundings["versions"].get(package) for package in PACKAGES},
        "backend": surroundings.get("backend"),
        "device": surroundings["device"],
        "threads": surroundings["threads"],  # XLA splits sums among them
        **({"processor": surroundings["processor"]} if surroundings.get("processor") else {}),
        **{switch: surroundings.get("switches", {}).get(switch) for switch in SWITCHES},
    }


def differences(before: Mapping[str, Json], now: Mapping[str, Json]) -> tuple[Note, ...]:
    """Return a note for each value that differs between two fingerprints.

    Patch releases of kerasnn count as the same. A setting that `before` lacks is newer than the version that wrote it,
    and had its default.
    """
    before, now = _comparable(before), _comparable(now)
    known = [name for name in now if name in before or name not in NOT_ALWAYS_KEPT]
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
    """`value` as a note keeps it: no longer than is needed to recognise a digest."""
    if isinstance(value, list):
        return tuple(value)
    return f"{value[:12]}..." if isinstance(value, str) and len(value) > 20 else value
