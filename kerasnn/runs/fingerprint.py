"""What a run's weights depend on, so that a resumed one can be held against it."""

from collections.abc import Mapping
from typing import Any, Final

from kerasnn.records import Json
from kerasnn.records.kept import DIFFERENCE
from kerasnn.runs.environment import SWITCHES

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


def differences(before: Mapping[str, Json], now: Mapping[str, Json]) -> tuple[str, ...]:
    """What is not the same, each in a few words."""
    known = [name for name in now if name in before or name not in NOT_ALWAYS_KEPT]
    names = dict.fromkeys((*before, *known))
    return tuple(
        DIFFERENCE.format(name=name, before=_short(before.get(name)), now=_short(now.get(name)))
        for name in names
        if before.get(name) != now.get(name)
    )


def _short(value: Json) -> str:
    if isinstance(value, list):
        return " ".join(map(str, value)) or "none"
    text = "none" if value is None else str(value)
    return text if len(text) <= 20 else f"{text[:12]}..."
