"""Activation functions with their slopes."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes

from kerasnn.language import _
from kerasnn.records import ActivationCurve
from kerasnn.views.figures.fonts import written
from kerasnn.views.figures.style import figure, line, save
from kerasnn.views.palette import Style, palette


@written
def save_activations(curves: Sequence[ActivationCurve], path: Path, style: Style = "auto") -> Path:
    """Draw each activation in a panel of its own, its slope dashed, all on the same axes."""
    with figure(2.35 * len(curves) + 0.3, 2.9, style) as drawing:
        areas = drawing.subplots(1, len(curves), sharex=True, sharey=True, squeeze=False)[0]
        for area, curve in zip(areas, curves, strict=True):
            _draw(area, curve, style)
        areas[0].legend(loc="upper left", fontsize=8, handlelength=2.6)
        names = ", ".join(curve.name for curve in curves)
        return save(drawing, path, style, title=_("Activation functions and their slopes: {names}", names=names))


def _draw(area: Axes, curve: ActivationCurve, style: Style) -> None:
    colours = palette(style)
    area.axhline(0, color=colours.grey, linewidth=0.8)
    area.axvline(0, color=colours.grey, linewidth=0.8)
    area.plot(curve.z, curve.values, **line(0, style, markers=False) | {"linewidth": 2.4}, label="f(z)")
    area.plot(curve.z, curve.slopes, **line(1, style, markers=False), label=_("slope f'(z)"))
    area.set_title(curve.name, fontweight="bold")
    area.set_xlabel("z")
    area.set_ylim(-1.25, 2.25)
    area.set_xlim(curve.z[0], curve.z[-1])
    steepest = max(curve.slopes)
    area.text(
        0.97,
        0.04,
        _("steepest slope {steepest:.2g}", steepest=steepest),
        transform=area.transAxes,
        ha="right",
        fontsize=8,
    )
