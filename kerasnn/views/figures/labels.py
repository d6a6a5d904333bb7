"""Names at the ends of lines, in place of a legend."""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes

LEAST_APART = 0.075  # of the height of the axes


def label_ends(
    area: Axes, ends: Sequence[tuple[float, float, str, str]], *, fontsize: float = 8.5, apart: float = LEAST_APART
) -> None:
    """Write each (x, y, text, colour) to the right of its point, moved up or down to avoid overlaps.

    Call it last: it uses the limits of the axes as they are.
    """
    if not ends:
        return
    area.get_xlim(), area.get_ylim()  # reading the limits makes matplotlib compute them
    to_axes = area.transData + area.transAxes.inverted()
    places = [to_axes.transform((x, y)) for x, y, _, _ in ends]
    heights = spread([float(place[1]) for place in places], apart)
    for (_, _, text, colour), place, height in zip(ends, places, heights, strict=True):
        leader: dict[str, Any] = {"color": colour, "linewidth": 0.5, "alpha": 0.6, "clip_on": False}
        area.plot([place[0], 1.01], [place[1], height], transform=area.transAxes, **leader)
        area.text(1.015, height, text, transform=area.transAxes, color=colour, fontsize=fontsize, va="center")


def spread(places: Sequence[float], apart: float) -> list[float]:
    """Move `places` as little as possible so that neighbours are at least `apart`, keeping their order."""
    order = sorted(range(len(places)), key=lambda number: places[number])
    moved = [float(place) for place in places]
    # places that would overlap form a group, evenly spaced around the mean of its places
    groups: list[list[int]] = []
    for number in order:
        groups.append([number])
        while len(groups) > 1 and _bottom(groups[-1], places, apart) - _top(groups[-2], places, apart) < apart:
            last = groups.pop()
            groups[-1] += last
    for group in groups:
        for step, number in enumerate(group):
            moved[number] = _bottom(group, places, apart) + step * apart
    return moved


def _bottom(group: Sequence[int], places: Sequence[float], apart: float) -> float:
    return sum(places[number] for number in group) / len(group) - apart * (len(group) - 1) / 2


def _top(group: Sequence[int], places: Sequence[float], apart: float) -> float:
    return _bottom(group, places, apart) + apart * (len(group) - 1)
