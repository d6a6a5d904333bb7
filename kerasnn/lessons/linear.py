"""The linear equation of a class, added up term by term."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.language import N_, _, ngettext
from kerasnn.lecture.activations import softmax
from kerasnn.lessons.context import Context
from kerasnn.lessons.parts import check, grey_images, section, signed_images, table
from kerasnn.lessons.trace import DenseLayer
from kerasnn.networks.classifier import Reals
from kerasnn.networks.files.open import open_classifier
from kerasnn.networks.forward import OneVsRest
from kerasnn.records import Explanation, Grid, Section
from kerasnn.runs import reference

SHOWN_TERMS: Final = 8
MOST_TILES: Final = 10

ANSWER: Final = N_(
    "Those of its black pixels: a pixel of 0 makes its term w x 0 = 0, whatever the weight. Here that is {share:.0%} "
    "of the {count} weights. They matter only for images that are not black there."
)
TERMS: Final = N_(
    "The {rows} x {columns} pixels are written in one row, the first row of the image first: pixel number = row x "
    "{columns} + column + 1, with rows and columns counted from 0. Each pixel is multiplied by its weight for '{name}'."
)
WEIGHTS: Final = N_(
    "The weights have the shape of the image: one for each pixel. A bright pixel raises z where its weight is above 0, "
    "and lowers it where its weight is below 0."
)
SOFTMAX_WEIGHTS: Final = N_(
    "With softmax the class with the largest z wins, so what counts is by how much a pixel raises one z more than the "
    "others."
)
ONE_VS_REST: Final = N_(
    "The slide speaks of softmax, but its SGDClassifier learns ten separate logistic regressions, each 'this class or "
    "any other': ten sigmoids, which need not add up to 1, and which scikit-learn divides by their sum. Both are "
    "linear models with 7,850 parameters. But softmax is trained so that the ten z are right together; one-vs-rest "
    "trains each alone, and nothing trains them to be right together."
)


def explain(context: Context) -> Explanation:
    """Explain the linear function of a class. Source: lecture, "logistic regression"."""
    first = context.traces[0]
    z = first.z[0]  # of shape (units,): one image
    sections = [
        _sum(context, first.layer, int(z.argmax())),
        _all_classes(context, z) if first.layer.activation == "softmax" else _all_units(context, z),
        _weights(context, first.layer),
    ]
    if context.found.name == "softmax" and context.classifier.input_size == context.image.size:
        sections.append(_one_vs_rest(context))
    return context.explained(
        *sections,
        question=_("Which weights play no part at all in the z of this image, and why?"),
        answer=_(ANSWER, share=float((context.values == 0).mean()), count=context.values.shape[1]),
    )


def _sum(context: Context, layer: DenseLayer, unit: int) -> Section:
    terms = context.values[0] * layer.kernel[:, unit]  # of shape (pixels,)
    rows, columns = context.image.shape
    name = _unit_name(context, layer, unit)
    total = terms.sum(dtype=np.float64) + layer.bias[unit]  # float64: the order of 784 terms then hardly matters
    summed = (_("all {count} terms and the bias added up", count=len(terms)), total)
    terms_title = _("Its terms w x for '{name}': what raises its z and what lowers it", name=name)
    return section(
        _("The sum for '{name}', term by term", name=name),
        _(TERMS, rows=rows, columns=columns, name=name),
        _largest_terms(context, layer, unit, terms),
        check("sum-of-terms", summed, (_("the model's z"), _model_z(context, layer)[unit]), 1e-4),
        grey_images("image", _("The image: {name}", name=context.names[context.label]), [("", context.image)]),
        signed_images("terms", terms_title, [("", terms.reshape(rows, columns))]),
    )


def _largest_terms(context: Context, layer: DenseLayer, unit: int, terms: Reals) -> Grid:
    largest = np.argsort(-np.abs(terms), kind="stable")[:SHOWN_TERMS]  # stable: equal terms keep their order
    shown, bias = float(terms[largest].sum()), float(layer.bias[unit])
    pixels, weights = context.values[0], layer.kernel[:, unit]
    return table(
        _("The {count} of {all} terms that are furthest from 0", count=len(largest), all=len(terms)),
        (_("pixel"), _("row"), _("column"), _("value x"), _("weight w"), "w x"),
        (
            (place + 1, *divmod(place, context.image.shape[1]), pixels[place], weights[place], terms[place])
            for place in largest
        ),
        note=_(
            "these {shown:+.4f}, all others {rest:+.4f}, bias b {bias:+.4f}: z = {z:.4f}",
            shown=shown,
            rest=float(terms.sum() - terms[largest].sum()),
            bias=bias,
            z=float(terms.sum(dtype=np.float64) + bias),
        ),
    )


def _model_z(context: Context, layer: DenseLayer) -> NDArray[np.float32]:
    """Return z of `layer`, the first, as the model itself computes it where it can be asked for it."""
    if len(context.layers) == 1 and not isinstance(context.classifier, OneVsRest):
        return context.classifier.logits(context.image[np.newaxis]).reshape(-1)
    return layer.z(context.values).reshape(-1)


def _all_units(context: Context, z: Reals) -> Section:
    outputs = context.traces[0].outputs[0]
    grid = table(
        ngettext("The z of {count} unit", "The largest z of {count} units", len(z)),
        (_("unit"), "z", _("output")),
        ((unit, z[unit], outputs[unit]) for unit in np.argsort(-z, kind="stable")[:MOST_TILES]),
    )
    return section(_("The same for every unit"), grid)


def _all_classes(context: Context, z: Reals) -> Section:
    powers, probabilities = np.exp(z.astype(np.float64)), softmax(z)  # float32 ends at e^88
    by_hand = (_("softmax of the z above"), probabilities)
    return section(
        _("The same for every class"),
        table(
            _("Each class has its sum, and softmax turns the sums into probabilities"),
            (_("label"), _("class"), "z", "e^z", _("probability")),
            zip(range(len(z)), context.names, z, powers, probabilities, strict=True),
            note=_("probability = e^z divided by the sum of all e^z, {total:.4f}", total=float(powers.sum())),
        ),
        check("softmax-of-sums", by_hand, (_("the model's probabilities"), context.probabilities)),
        check("probabilities-add-up", (_("all probabilities together"), probabilities.sum()), ("1", 1.0)),
    )


def _weights(context: Context, layer: DenseLayer) -> Section:
    units = range(min(MOST_TILES, layer.kernel.shape[1]))
    tiles = [(_unit_name(context, layer, unit), layer.kernel[:, unit].reshape(context.image.shape)) for unit in units]
    return section(
        _("What the weights look like"),
        _(WEIGHTS),
        *([_(SOFTMAX_WEIGHTS)] if layer.activation == "softmax" else []),
        signed_images("weights", _("Weights, one picture a unit"), tiles),
    )


def _one_vs_rest(context: Context) -> Section:
    """Compare with the slide's SGDClassifier, whose ten yes-or-no answers are no softmax."""
    model = open_classifier(reference.model_path("sgd"))
    assert isinstance(model, OneVsRest)  # a file of this package
    z = (context.values @ model.coefficients.T + model.intercepts)[0].astype(np.float64)
    sigmoids = 1 / (1 + np.exp(-z))
    shares = sigmoids / sigmoids.sum()  # as scikit-learn's predict_proba does
    by_hand = (_("sigmoids divided by their sum"), shares)
    computed = np.exp(model.log_probabilities(context.image[np.newaxis])[0])
    return section(
        _("One-vs-rest is not softmax"),
        _(ONE_VS_REST),
        table(
            _("The same image, classified by scikit-learn's SGDClassifier"),
            (_("class"), "z", _("sigmoid of z"), _("divided by their sum"), _("softmax of the same z")),
            zip(context.names, z, sigmoids, shares, softmax(z), strict=True),
            note=_("the ten sigmoids add up to {total:.4f}", total=float(sigmoids.sum())),
        ),
        check("one-vs-rest", by_hand, (_("the answer of the stage sgd"), computed)),
    )


def _unit_name(context: Context, layer: DenseLayer, unit: int) -> str:
    if layer.kernel.shape[1] == len(context.names) and len(context.layers) == 1:
        return context.names[unit]
    return _("unit {number}", number=unit)
