"""A confusion matrix as a figure, with its mistakes in colour."""

from pathlib import Path
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from kerasnn.language import _
from kerasnn.records import Evaluation
from kerasnn.views.figures.fonts import in_figure_language, readable
from kerasnn.views.figures.style import amount_colours, figure, save
from kerasnn.views.format import class_name
from kerasnn.views.palette import Style, fixed, palette

NUMBERED: Final = 20
LEAST_SCALE: Final = 0.05


@in_figure_language
def save_confusion(evaluation: Evaluation, path: Path, style: Style = "auto") -> Path:
    """Draw the matrix: a shade is the fraction of the true class, a number counts images.

    Correct answers, on the diagonal, are not shaded, because they would dwarf all mistakes.
    """
    matrix = np.array(evaluation.confusion)
    names = readable(evaluation.dataset.classes)
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    np.fill_diagonal(shares, np.nan)
    worst = float(np.nanmax(shares)) if len(names) > 1 else 0.0
    size = min(3.6 + 0.46 * len(names), 24)
    with figure(size, size * 0.94, style) as drawing:
        area = drawing.subplots()
        shades, top = amount_colours(style, "orange"), max(worst, LEAST_SCALE)
        image = area.imshow(shares, cmap=shades, vmin=0, vmax=top)
        bar = drawing.colorbar(image, shrink=0.5, aspect=22, pad=0.02, format=lambda share, place: f"{share:.0%}")
        bar.set_label(_("share of the true class that was taken for another"), fontsize=9)
        bar.outline.set_visible(False)
        _axes(area, names)
        _diagonal(area, len(names), style)
        if len(names) <= NUMBERED:
            _numbers(area, matrix, shares, top, style)
        area.set_title(_heading(evaluation), pad=10)
        return save(drawing, path, style, title=_description(evaluation))


def _heading(evaluation: Evaluation) -> str:
    return _(
        "{model}: test accuracy {accuracy:.4f} on {dataset}",
        model=evaluation.model,
        accuracy=evaluation.test.accuracy,
        dataset=evaluation.dataset.name,
    )


def _description(evaluation: Evaluation) -> str:
    pairs = ", ".join(
        _(
            "{truth} taken for {answer} {count} times",
            truth=class_name(pair.truth),
            answer=class_name(pair.answer),
            count=pair.count,
        )
        for pair in evaluation.confused
    )
    return _("Confusion matrix of {model}: {pairs}", model=evaluation.model, pairs=pairs or _("no mistakes"))


def _axes(area: Axes, names: tuple[str, ...]) -> None:
    area.set_xticks(range(len(names)), names, rotation=45, ha="right", rotation_mode="anchor")
    area.set_yticks(range(len(names)), [f"{name}  {label}" for label, name in enumerate(names)])
    area.set_xlabel(_("the model's answer"))
    area.set_ylabel(_("the truth"))
    area.tick_params(length=0)
    area.grid(visible=False)
    area.spines[:].set_visible(False)


def _diagonal(area: Axes, count: int, style: Style) -> None:
    for label in range(count):
        cell = Rectangle((label - 0.5, label - 0.5), 1, 1, fill=True, linewidth=0.8)
        cell.set_facecolor(fixed(palette(style).faint))
        cell.set_edgecolor(fixed(palette(style).grey))
        area.add_patch(cell)


def _numbers(area: Axes, matrix: np.ndarray, shares: np.ndarray, top: float, style: Style) -> None:
    colours = palette(style)
    for (row, column), count in np.ndenumerate(matrix):
        right, share = row == column, shares[row, column]
        ink = fixed(colours.ink if right or share < 0.45 * top else colours.paper)
        if count:
            weight = "bold" if right else "normal"
            area.text(column, row, f"{count}", ha="center", va="center", color=ink, fontsize=9, fontweight=weight)
        else:
            area.plot(column, row, ".", color=fixed(colours.faint), markersize=2.5)
