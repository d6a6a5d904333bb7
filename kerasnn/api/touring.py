"""The lecture from first to last."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kerasnn.api.data import given_or_loaded
from kerasnn.api.training import RUNS
from kerasnn.records import Listener, TourStop, ignore

if TYPE_CHECKING:
    from kerasnn.data.dataset import Dataset


def tour(
    *,
    fast: bool = False,
    restart: bool = False,
    dataset: "str | Path | Dataset" = "auto",
    data_dir: str | Path | None = None,
    out: str | Path = RUNS,
    listener: Listener = ignore,
) -> Iterator[TourStop]:
    """The stops of the lecture, each worked out or trained when it is asked for; a tour broken off goes on there.

    `fast`: at most two epochs a stage. `restart`: from the first stop. Raises: UsageError, DataError, Interrupted.
    """
    from kerasnn.lessons.tour import Tour

    way = Tour(given_or_loaded(dataset, data_dir, listener), Path(out), fast, listener)
    return way.stops(way.begin(restart=restart))
