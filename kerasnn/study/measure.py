"""Take the measurements that claims need, and cache their metrics in files."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from kerasnn.data.dataset import Dataset
from kerasnn.errors import Interrupted
from kerasnn.language import _
from kerasnn.records import Listener, Notice, ignore
from kerasnn.study import metrics_cache
from kerasnn.study.measurements import MEASUREMENTS, Metrics

FORM: Final = 3  # part of each entry's identity: increase it when the definition of a measurement changes


def measure_missing(
    names: Sequence[str], dataset: Dataset, seeds: Sequence[int], *, folder: Path, listener: Listener = ignore
) -> dict[tuple[str, int], Metrics]:
    """Return the metrics by measurement and seed; measurements that `folder` lacks are taken and saved there.

    `names`: keys of `MEASUREMENTS`.

    Raises: Interrupted, after finished measurements are saved.
    """
    origin = {"form": FORM, **metrics_cache.origin(dataset)} if names else {}
    found: dict[tuple[str, int], Metrics] = {}
    for name in names:
        paths = {seed: folder / _file_name(name, seed, origin) for seed in seeds}
        cached = {seed: _read(path) for seed, path in paths.items()}
        missing = sum(metrics is None for metrics in cached.values())
        if missing:
            listener(
                Notice(_("Measuring: {name}, {count} of {count2} seeds", name=name, count=missing, count2=len(seeds)))
            )
        for seed, path in paths.items():
            metrics = cached[seed]
            if metrics is None:
                metrics = _measure(name, dataset, seed, folder)
                metrics_cache.write(path, "figures", metrics)
            found[name, seed] = metrics
    return found


def _measure(name: str, dataset: Dataset, seed: int, folder: Path) -> Metrics:
    try:
        return MEASUREMENTS[name](dataset, seed)
    except (KeyboardInterrupt, Interrupted):
        raise Interrupted(
            _("stopped while measuring; finished measurements are saved in {folder}", folder=folder),
            hint=_("run the same command again to continue"),
        ) from None


def _file_name(name: str, seed: int, origin: Mapping[str, Any]) -> str:
    title = f"measured-{name.replace(',', '').replace(' ', '-')}-s{seed}"
    return metrics_cache.file_name(title, {**origin, "name": name})


def _read(path: Path) -> Metrics | None:
    """Return the metrics cached in `path`, or None if there are none or they cannot be read."""
    metrics = metrics_cache.read(path, "figures")
    try:
        return {str(name): float(value) for name, value in metrics.items()}
    except (ValueError, TypeError, AttributeError):
        return None
