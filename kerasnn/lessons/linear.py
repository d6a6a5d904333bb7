"""The linear equation of a class, summed up term by term."""

import numpy as np
from numpy.typing import NDArray

from kerasnn.language import _
from kerasnn.lecture.activations import softmax
from kerasnn.lessons.check import check
from kerasnn.lessons.context import Context, Layer
from kerasnn.lessons.drawing import grey_images, signed_images
from kerasnn.networks.classifier import Reals
from kerasnn.networks.files.open import open_classifier
from kerasnn.networks.linear import OneVsRest
from kerasnn.records import Explanation, Grid, Section
from kerasnn.runs import reference

TERMS = 8
MOST_TILES = 10


def explain(context: Context) -> Explanation:
    """Source: lecture, "logistic regression"."""
    step = context.steps[0]
    z = step.z[0]
    chosen = int(z.argmax())
    sections = [_sum(context, step.layer, chosen), _all_sums(context, step.layer, z), _weights(context, step.layer)]
    if context.found.name == "softmax" and context.classifier.input_size == context.image.size:
        sections.append(_one_vs_rest(context, z))
    dark = float((context.values[0] == 0).mean())
    return context.explained(
        *sections,
        question=_("Which weights play no part at all in the z of this image, and why?"),
        answer=_(
            "Those of its black pixels: a pixel of 0 makes its term w x 0 = 0, whatever the weight. That is "
            "{share:.0%} of the {count} weights here. They matter only for images that are bright there.",
            share=dark,
            count=context.values.shape[1],
        ),
    )


def _sum(context: Context, layer: Layer, unit: int) -> Section:
    pixels, weights = context.values[0], layer.kernel[:, unit]
    terms = pixels * weights
    largest = np.argsort(-np.abs(terms), kind="stable")[:TERMS]
    columns = context.image.shape[1]
    rows = [
        (
            int(place) + 1,
            int(place) // columns,
            int(place) % columns,
            *map(float, (pixels[place], weights[place])),
            float(terms[place]),
        )
        for place in largest
    ]
    rest = float(terms.sum() - terms[largest].sum())
    total = float(terms.sum(dtype=np.float64) + layer.bias[unit])
    name = _unit_name(context, layer, unit)
    return Section(
        title=_("The sum for '{name}', term by term", name=name),
        sentences=(
            _(
                "The {rows} x {columns} pixels stand in one row, the first row of the image first: pixel number = row "
                "x {columns} + column + 1, rows and columns counted from 0. Each is multiplied by the weight that "
                "'{name}' has for it.",
                rows=context.image.shape[0],
                columns=columns,
                name=name,
            ),
        ),
        grids=(
            Grid(
                title=_("The {count} largest of {all} terms", count=len(rows), all=len(terms)),
                columns=(_("pixel"), _("row"), _("column"), _("value x"), _("weight w"), "w x"),
                rows=tuple(rows),
                note=_(
                    "these {shown:+.4f}, all others {rest:+.4f}, bias b {bias:+.4f}: z = {z:.4f}",
                    shown=float(terms[largest].sum()),
                    rest=rest,
                    bias=float(layer.bias[unit]),
                    z=total,
                ),
            ),
        ),
        checks=(
            check(
                "sum-of-terms",
                (_("all {count} terms and the bias added up", count=len(terms)), total),
                (_("the model's z"), float(_model_z(context, layer)[unit])),
                1e-4,
            ),
        ),
        pictures=(
            grey_images("image", _("The image: {name}", name=context.names[context.label]), [("", context.image)]),
            signed_images(
                "terms",
                _("Its terms w x for '{name}': what speaks for it and against it", name=name),
                [("", terms.reshape(context.image.shape))],
            ),
        ),
    )


def _model_z(context: Context, layer: Layer) -> NDArray[np.float32]:
    """z as the model itself computes it, where its first layer is its last; else by the layer's matrix product."""
    if len(context.layers) == 1 and not isinstance(context.classifier, OneVsRest):
        return context.classifier.logits(context.image[np.newaxis]).reshape(-1)
    return layer.z(context.values).reshape(-1)


def _all_sums(context: Context, layer: Layer, z: Reals) -> Section:
    if layer.activation != "softmax":
        shown = [int(unit) for unit in np.argsort(-z, kind="stable")[:MOST_TILES]]
        grid = Grid(
            _("The largest z of {count} units", count=len(z)),
            (_("unit"), "z", _("output")),
            tuple((unit + 1, float(z[unit]), float(context.steps[0].outputs[0, unit])) for unit in shown),
        )
        return Section(_("The same for every unit"), grids=(grid,))
    probabilities = softmax(z)
    grid = Grid(
        _("Every class has its sum, and softmax makes them probabilities"),
        (_("label"), _("class"), "z", "e^z", _("probability")),
        tuple(
            (label, name, float(z[label]), float(np.exp(z[label])), float(probabilities[label]))
            for label, name in enumerate(context.names)
        ),
        note=_("probability = e^z divided by the sum of all e^z, {total:.4f}", total=float(np.exp(z).sum())),
    )
    model = np.exp(context.classifier.log_probabilities(context.image[np.newaxis])[0])
    checks = (
        check(
            "softmax-of-sums",
            (_("softmax of the z above"), probabilities),
            (_("the model's probabilities"), model),
        ),
        check("probabilities-add-up", (_("all probabilities together"), float(probabilities.sum())), ("1", 1.0)),
    )
    return Section(_("The same for every class"), grids=(grid,), checks=checks)


def _weights(context: Context, layer: Layer) -> Section:
    units = range(min(MOST_TILES, layer.kernel.shape[1]))
    tiles = [(_unit_name(context, layer, unit), layer.kernel[:, unit].reshape(context.image.shape)) for unit in units]
    return Section(
        _("What the weights look like"),
        sentences=(
            _(
                "The weights have the shape of the image: one for each pixel. Bright pixels where the weights are "
                "above 0 speak for the class, and where they are below 0 against it."
            ),
        ),
        pictures=(signed_images("weights", _("Weights, one picture a unit"), tiles),),
    )


def _one_vs_rest(context: Context, z: Reals) -> Section:
    """The slide's SGDClassifier answers ten questions of yes or no; that is no softmax."""
    model = open_classifier(reference.model_path("sgd"))
    assert isinstance(model, OneVsRest)  # the file of this very package
    own = (context.values @ model.coefficients.T + model.intercepts)[0].astype(np.float64)
    yes = 1 / (1 + np.exp(-own))
    shared = yes / yes.sum()
    grid = Grid(
        _("The same image, asked of scikit-learn's SGDClassifier"),
        (_("class"), "z", _("sigmoid of z"), _("divided by their sum"), _("softmax of the same z")),
        tuple(
            (name, *map(float, (own[label], yes[label], shared[label], softmax(own)[label])))
            for label, name in enumerate(context.names)
        ),
        note=_("the ten sigmoids add up to {total:.4f}", total=float(yes.sum())),
    )
    computed = np.exp(model.log_probabilities(context.image[np.newaxis])[0])
    return Section(
        _("One-vs-rest is not softmax"),
        sentences=(
            _(
                "The slide speaks of softmax, and its SGDClassifier learns ten separate logistic regressions, each "
                "'this class or any other': ten sigmoids, which do not add up to 1, and which scikit-learn divides by "
                "their sum. Both are linear models of 7,850 parameters. But softmax is trained so that the ten z are "
                "right together; one-vs-rest trains each alone, and no one makes them comparable."
            ),
        ),
        grids=(grid,),
        checks=(
            check(
                "one-vs-rest",
                (_("sigmoids divided by their sum"), shared),
                (_("what the stage sgd answers"), computed),
            ),
        ),
    )


def _unit_name(context: Context, layer: Layer, unit: int) -> str:
    if layer.kernel.shape[1] == len(context.names) and len(context.layers) == 1:
        return context.names[unit]
    return _("unit {number}", number=unit + 1)
