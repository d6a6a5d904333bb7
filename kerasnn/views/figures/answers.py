"""A model's answers as figures: the confusion matrix of many images, and the probabilities of one."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from kerasnn.language import _, ngettext
from kerasnn.records import Confusion, Evaluation, Prediction
from kerasnn.views.figures.letters import in_figure_language, readable, shortened
from kerasnn.views.figures.style import amount_colours, figure, save
from kerasnn.views.format import class_name, format_probability, image_name
from kerasnn.views.palette import LIGHT, MIDDLE, Style, fixed, luminance, palette

NUMBERED: Final = 78  # digits side by side: more do not fit
NAMED: Final = 26  # classes: of more, only some names fit
STEEP: Final = 20  # classes: the names of more would touch each other below the matrix
LEAST_SCALE: Final = 0.05  # else a single mistake of a good model would look as dark as many
MOST_BARS: Final = 20


@in_figure_language
def save_confusion(evaluation: Evaluation, path: Path, style: Style = "auto") -> Path:
    """Draw the matrix: a shade is the fraction of the true class, a number counts images.

    Correct answers, on the diagonal, are not shaded, because they would dwarf all mistakes.
    """
    matrix = np.array(evaluation.confusion)
    names = readable(evaluation.dataset.classes)
    # (classes, classes); a class without test images stays 0
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    np.fill_diagonal(shares, np.nan)  # imshow leaves NaN unpainted
    worst = float(np.nanmax(shares)) if len(names) > 1 else 0.0
    measured = {"accuracy": evaluation.test.accuracy, "dataset": evaluation.dataset.name}
    heading = _("{model}: test accuracy {accuracy:.4f} on {dataset}", model=evaluation.model, **measured)
    with figure(heading, style) as drawing:
        area = drawing.subplots()
        shades, top = amount_colours(style, "orange"), max(worst, LEAST_SCALE)
        image = area.imshow(shares, cmap=shades, vmin=0, vmax=top, aspect="auto")
        bar = drawing.colorbar(image, aspect=30, pad=0.02, format=lambda share, place: f"{share:.0%}")
        bar.set_label(_("share of the true class that was taken for another"))
        bar.outline.set_visible(False)
        _name_cells(area, names)
        _diagonal(area, len(names), style)
        if len(names) * len(str(matrix.max())) <= NUMBERED and len(names) <= NAMED:
            _write_counts(area, matrix, image.to_rgba(shares), style)
        pairs = ", ".join(map(_said, evaluation.confused)) or _("no mistakes")
        title = _("Confusion matrix of {model}: {pairs}", model=evaluation.model, pairs=pairs)
        return save(drawing, path, style, title=title)


def _said(pair: Confusion) -> str:
    names = {"truth": class_name(pair.truth), "answer": class_name(pair.answer)}
    return ngettext("{truth} taken for {answer} once", "{truth} taken for {answer} {count} times", pair.count, **names)


def _name_cells(area: Axes, names: tuple[str, ...]) -> None:
    places = range(0, len(names), -(-len(names) // NAMED))
    rotation = 30 if len(places) <= STEEP else 45
    area.set_xticks(places, [names[place] for place in places], rotation=rotation, ha="right", rotation_mode="anchor")
    area.set_yticks(places, [f"{names[place]}  {place}" for place in places])
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


def _write_counts(area: Axes, matrix: np.ndarray, cells: np.ndarray, style: Style) -> None:
    """Write a number into each cell, dark or light; `cells`: their colours, of shape (classes, classes, 4)."""
    for (row, column), count in np.ndenumerate(matrix):
        right = row == column
        cell = to_rgb(palette(style).faint) if right else cells[row, column, :3]
        ink = fixed(LIGHT.ink if luminance(*cell) > MIDDLE else LIGHT.paper)
        if count:
            weight = "bold" if right else "normal"
            area.text(column, row, f"{count}", ha="center", va="center", color=ink, fontweight=weight)
        else:
            # a dot instead of 0 keeps the mistakes in view
            area.plot(column, row, ".", color=fixed(palette(style).faint), markersize=4)


@in_figure_language
def save_probabilities(prediction: Prediction, path: Path, style: Style = "auto") -> Path:
    """Draw the image and a bar for each class; the answer is emphasized and the true class marked."""
    names = readable(prediction.names)
    ranked = sorted(range(len(names)), key=lambda label: -prediction.probabilities[label])
    shown = sorted(ranked[:MOST_BARS])  # the most probable ones, in the order of their labels
    name = Path(image_name(prediction)).name
    heading = shortened(name, 20)
    images = [(heading, prediction.pixels)]
    if prediction.original is not None:
        images = [(heading, prediction.original), (_("what the network sees"), prediction.pixels)]
    with figure(style=style) as drawing:
        *areas, right = drawing.subplots(1, len(images) + 1, width_ratios=(*[1] * len(images), 1.5))
        for area, (heading, pixels) in zip(areas, images, strict=True):
            area.imshow(np.array(pixels), cmap="gray", vmin=0, vmax=255, interpolation="nearest")
            area.set_axis_off()
            area.set_title(heading)
        _bars(right, prediction, shown, style)
        right.set_yticks(range(len(shown)), [f"{label} {names[label]}" for label in shown])
        argmax = f"argmax: {prediction.label} {names[prediction.label]}"
        right.set_title(_("nothing to recognise") if prediction.shows_nothing else argmax)
        return save(drawing, path, style, title=prediction_title(prediction))


def prediction_title(prediction: Prediction) -> str:
    """Return the image, the answer and its probability in one line."""
    name = readable(prediction.names)[prediction.label]
    values = {"image": image_name(prediction), "name": name, "probability": format_probability(prediction.probability)}
    if prediction.shows_nothing:
        return _("{image}: nothing to recognise ({name} with probability {probability})", **values)
    return _("{image}: {name} with probability {probability}", **values)


def _bars(area: Axes, prediction: Prediction, shown: Sequence[int], style: Style) -> None:
    """Draw the probabilities of the classes `shown`, given by their labels."""
    colours = palette(style)
    values = [prediction.probabilities[label] for label in shown]
    best = [label == prediction.label for label in shown]
    area.barh(
        range(len(shown)),
        values,
        color=[colours.blue if answer else colours.faint for answer in best],
        edgecolor=[colours.ink if answer else colours.grey for answer in best],
        linewidth=0.8,
    )
    truth = prediction.names.index(prediction.truth) if prediction.truth in prediction.names else None
    for place, (label, value) in enumerate(zip(shown, values, strict=True)):
        mark = "  " + _("is the truth") if label == truth else ""
        weight = "bold" if label == prediction.label else "normal"
        area.text(value + 0.015, place, f"{format_probability(value)}{mark}", va="center", fontweight=weight)
    area.invert_yaxis()
    area.set_xlim(0, 1.3)  # room for the numbers behind the bars
    area.set_xticks([0, 0.5, 1])
    area.grid(visible=False)
    area.spines["left"].set_visible(False)
    area.tick_params(axis="y", length=0)
