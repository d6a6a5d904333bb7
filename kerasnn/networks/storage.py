"""Models as files: `.keras` for networks, `.npz` for scikit-learn's coefficients. Never a pickle.

A model file may come from anybody. It is looked at as a zip (`container`), as a configuration (`plan`) and as HDF5
(`weights`) before anything is built; only then are its numbers read. One that holds nothing but the lecture's layers
needs no Keras and a fifth of a second; other layers on the list are built by Keras from the plan, never from the file.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from kerasnn.data.npz import NotAnArchive, read_arrays
from kerasnn.errors import ModelFileError
from kerasnn.files.atomic import replacing
from kerasnn.language import _
from kerasnn.networks import container
from kerasnn.networks.architecture import Architecture
from kerasnn.networks.classifier import Classifier, Reals
from kerasnn.networks.container import Unsafe
from kerasnn.networks.forward import Network
from kerasnn.networks.linear import OneVsRest
from kerasnn.networks.plan import Plan, architecture_of, make_plan
from kerasnn.networks.weights import WeightFile
from kerasnn.records import ModelSummary

if TYPE_CHECKING:
    from kerasnn.networks.runtime import keras

LARGEST_LINEAR: Final = 1 << 28
LINEAR_ARRAYS: Final = ("coefficients", "intercepts")
LINEAR_SUFFIX: Final = ".npz"


def save_keras(model: "keras.Model", path: Path) -> None:
    """Write `model` to `path`, which ends in .keras; a file that was there before stays until the new one is whole."""
    with replacing(path) as draft:
        model.save(draft)


def save_linear(model: OneVsRest, path: Path) -> None:
    """Write the coefficients to `path`, which ends in .npz."""
    with replacing(path) as draft:
        np.savez(draft, coefficients=model.coefficients, intercepts=model.intercepts)


def open_classifier(path: Path) -> Classifier:
    """The model in the file `path`.

    Raises: ModelFileError where the file is missing, is no model, or is not safe to open.
    """
    if path.suffix == LINEAR_SUFFIX:
        return _read_linear(path)
    with _checked(path) as (plan, weights):
        architecture = architecture_of(plan)
        if architecture is not None:
            return Network(architecture, _read_weights(plan, weights))
        from kerasnn.networks.foreign import build_foreign  # loads TensorFlow

        return build_foreign(plan, weights)


def read_architecture(path: Path) -> Architecture:
    """The layers of the `.keras` file `path`, where they are the lecture's.

    Raises: ModelFileError where it cannot be read or has other layers.
    """
    with _checked(path) as (plan, _file):
        architecture = architecture_of(plan)
    if architecture is None:
        kinds = ", ".join(layer.kind for layer in plan.layers)
        raise ModelFileError(_("{path} is not made of the lecture's layers: {kinds}", path=path, kinds=kinds))
    return architecture


def summarise(path: Path, name: str) -> ModelSummary:
    """The layers of the model in `path` with their parameters; `name` heads them.

    Raises: ModelFileError as `open_classifier`.
    """
    if path.suffix == LINEAR_SUFFIX:
        return _read_linear(path).summary(name)
    with _checked(path) as (plan, weights):
        for layer in plan.layers:
            for place, shape in layer.variables.items():
                weights.array(place, shape)  # a file with weights that are not numbers is not shown as a good one
        architecture = architecture_of(plan)
        return plan.summary(name) if architecture is None else architecture.summary(name)


@contextmanager
def _checked(path: Path) -> Iterator[tuple[Plan, WeightFile]]:
    """The plan and the weights of the `.keras` file `path`, which fit each other.

    Raises: ModelFileError for whatever is wrong with the file, also while the weights are read.
    """
    _refuse_unless_file(path)
    try:
        with container.opened(path) as parts:
            plan = make_plan(parts.config)
            with WeightFile(parts.weights) as weights:
                weights.refuse_others(plan.places)
                for layer in plan.layers:
                    for place, shape in layer.variables.items():
                        weights.refuse_unless(place, shape)
                yield plan, weights
    except (Unsafe, OSError) as error:
        raise _no_model(path, str(error)) from None


def _no_model(path: Path, reason: str) -> ModelFileError:
    return ModelFileError(
        _("{path} is no model kerasnn can open: {reason}", path=path, reason=reason),
        expected=_("a .keras file, or the .npz of stage sgd"),
        hint=_("kerasnn train makes one; a stage's name, as in 'dropout', names the one that comes with kerasnn"),
    )


def _refuse_unless_file(path: Path) -> None:
    if not path.is_file():
        raise ModelFileError(
            _("{path} is not there", path=path) if not path.exists() else _("{path} is not a file", path=path)
        )
    size = path.stat().st_size
    if size > container.LARGEST_FILE:
        raise _no_model(
            path, _("it is {size:,} bytes, more than {LARGEST_FILE:,}", size=size, LARGEST_FILE=container.LARGEST_FILE)
        )


def _read_linear(path: Path) -> OneVsRest:
    _refuse_unless_file(path)
    try:
        arrays = read_arrays(path, LINEAR_ARRAYS, kinds="f", limit=LARGEST_LINEAR)
    except (NotAnArchive, OSError) as error:
        raise _no_model(path, str(error)) from None
    coefficients, intercepts = arrays["coefficients"], arrays["intercepts"]
    if coefficients.ndim != 2 or intercepts.shape != coefficients.shape[:1] or 0 in coefficients.shape:
        raise _no_model(
            path,
            _(
                "coefficients of shape {shape}, intercepts of {shape2}",
                shape=coefficients.shape,
                shape2=intercepts.shape,
            ),
        )
    if coefficients.dtype != np.float32 or intercepts.dtype != np.float32:
        raise _no_model(
            path,
            _(
                "coefficients of type {dtype}, intercepts of {dtype2}",
                dtype=coefficients.dtype,
                dtype2=intercepts.dtype,
            ),
        )
    if not (np.isfinite(coefficients).all() and np.isfinite(intercepts).all()):
        raise _no_model(path, _("some of its coefficients are not numbers"))
    return OneVsRest(coefficients, intercepts)


def _read_weights(plan: Plan, file: WeightFile) -> tuple[tuple[Reals, ...], ...]:
    """The arrays of each layer, in their order."""
    return tuple(tuple(file.array(place, shape) for place, shape in layer.variables.items()) for layer in plan.layers)
