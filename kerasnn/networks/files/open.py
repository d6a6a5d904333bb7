"""Open a model file, whoever made it: `.keras` of any Keras 3, whole-model `.h5`, or the `.npz` of stage `sgd`.

The zip (`archive`), the HDF5 (`hdf5`) and the configuration (`config`) are checked before any weights are read. Keras
never sees the file, because NumPy computes the lecture's layers; the exception is `trust`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from kerasnn.errors import ModelFileError
from kerasnn.files.untrusted import parse_json
from kerasnn.language import N_, _
from kerasnn.lecture.layer import Shape
from kerasnn.networks.classifier import Classifier, Reals
from kerasnn.networks.files import MOST_CLASSES, Unsafe, Unsupported
from kerasnn.networks.files.archive import LARGEST_FILE, Archive, read_archive, read_linear
from kerasnn.networks.files.config import Described, Leaf, describe, loss_name, refuse_too_much
from kerasnn.networks.files.hdf5 import SIGNATURE, Contents, read_contents
from kerasnn.networks.forward import Network, OneVsRest, ending_of

LINEAR_SUFFIX: Final = ".npz"
REGRESSION_LOSSES: Final = ("mean_", "mse", "mae", "mape", "msle", "huber", "log_cosh", "poisson")


def open_classifier(path: Path, *, trust: bool = False) -> Classifier:
    """Open the model in the file `path`. With `trust`, Keras opens what kerasnn cannot read itself.

    Raises: ModelFileError if the file is missing, is not a model or not a classifier, or is not safe to open.
    """
    try:
        return _open(path, keras_2=trust)
    except Unsupported as reason:
        if trust:
            from kerasnn.networks.files.trusted import open_trusted  # loads TensorFlow

            return open_trusted(path)
        raise ModelFileError(
            _("{path} cannot be opened: {reason}", path=path, reason=reason),
            expected=_("a chain of the lecture's layers, saved by Keras 3"),
            hint=_(
                "if you trust whoever made it: predict, evaluate, summary and report have Keras open it with --trust"
            ),
        ) from None
    except (Unsafe, OSError) as reason:
        raise ModelFileError(
            _("{path} is not a model that kerasnn can open: {reason}", path=path, reason=reason),
            expected=_("a .keras or .h5 file of a whole model, or the .npz of stage sgd"),
            hint=_("kerasnn train makes one; a stage's name, as in 'dropout', names the one that comes with kerasnn"),
        ) from None


def _open(path: Path, *, keras_2: bool) -> Network | OneVsRest:
    if not path.is_file():
        missing = N_("{path} is not a file") if path.exists() else N_("{path} is not there")
        raise ModelFileError(_(missing, path=path))
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise Unsafe(_("it is {size:,} bytes, more than {LARGEST_FILE:,}", size=size, LARGEST_FILE=LARGEST_FILE))
    if path.suffix == LINEAR_SUFFIX:
        return read_linear(path)
    with path.open("rb") as file:
        is_hdf5 = file.read(len(SIGNATURE)) == SIGNATURE
    return _open_hdf5(path) if is_hdf5 else _open_keras(path, keras_2=keras_2)


def _open_keras(path: Path, *, keras_2: bool) -> Network:
    """Open a `.keras` file. `keras_2`: try even if Keras 2 wrote it, in a form that changed from release to release."""
    archive = read_archive(path)
    version = _parsed(archive.metadata).get("keras_version")
    if not (isinstance(version, str) and version.startswith("2.")):
        return _read_keras(path, archive)
    if not keras_2:
        raise Unsupported(
            _('Keras 2 wrote it; load it there and save it again: kerasnn opens what model.save("model.h5") writes')
        )
    try:
        return _read_keras(path, archive)
    except Unsafe as reason:  # not damaged: an early release arranged the file in its own way
        raise Unsupported(str(reason)) from None


def _read_keras(path: Path, archive: Archive) -> Network:
    config = _parsed(archive.config)
    described = _classifier(config, config.get("compile_config"))
    contents = read_contents(path, archive.start, archive.length)
    places = [
        tuple(f"{leaf.group}/{number}" for number in range(len(shapes))) for leaf, shapes in _with_shapes(described)
    ]
    contents.refuse_others(place for own in places for place in own)
    return _network(described, contents, places)


def _open_hdf5(path: Path) -> Network:
    contents = read_contents(path, 0, path.stat().st_size)
    text = contents.text("model_config")
    if text is None:
        raise Unsafe(_("it holds weights without the network that they belong to; save the whole model: model.save"))
    compiled = contents.text("training_config")
    described = _classifier(_parsed(text.encode()), _parsed(compiled.encode()) if compiled else None)
    return _network(described, contents, _legacy_places(described, contents))


def _parsed(content: bytes) -> Any:
    try:
        parsed = parse_json(content)
    except ValueError as error:
        raise Unsafe(_("its configuration is damaged: {error}", error=str(error)[:200])) from None
    if not isinstance(parsed, dict):
        raise Unsafe(_("its configuration is damaged: {error}", error=type(parsed).__name__))
    return parsed


def _classifier(config: Any, compiled: Any) -> Described:
    """Return what `config` describes; `compiled`: the compile configuration, or None.

    Raises: Unsafe unless it is a classifier; Unsupported if it takes too much to compute.
    """
    described = describe(config)
    architecture = described.architecture
    refuse_too_much(architecture)
    ending, outputs = ending_of(architecture), architecture.output_shape
    if ending is None or outputs[0] > MOST_CLASSES:
        raise Unsafe(
            _(
                "it is not a classifier: it ends in {last} with outputs of shape {shape}, where 2 to {most:,} "
                "probabilities were expected, one per class",
                last=architecture.layers[-1],
                shape=outputs,
                most=MOST_CLASSES,
            )
        )
    loss = loss_name(compiled)
    # a regression with several linear outputs would look like logits
    if loss.lower().startswith(REGRESSION_LOSSES) and ending.activation != "softmax":
        raise Unsafe(_("it is not a classifier: its loss, {loss}, is one for predicting numbers", loss=loss[:80]))
    return described


def _with_shapes(described: Described) -> Iterator[tuple[Leaf, tuple[tuple[Shape, bool], ...]]]:
    """Yield each layer with the shape of each of its variables, and whether training changes it."""
    for leaf, (layer, inputs) in zip(described.leaves, described.architecture.with_inputs(), strict=True):
        yield leaf, tuple((each.shape, each.trainable and leaf.trainable) for each in layer.variables(inputs))


def _legacy_places(described: Described, contents: Contents) -> list[tuple[str, ...]]:
    """Return the places of each layer's variables in a whole-model `.h5`.

    The file has a list of names for each layer of the outermost model. An inner model counts as one layer: its list has
    all trainable variables first, then the rest.
    """
    wanted: dict[str, list[tuple[bool, int, int]]] = {}  # sorts in the order of the file
    for number, (leaf, shapes) in enumerate(_with_shapes(described)):
        own = wanted.setdefault(leaf.top, [])
        own += [(not trainable, number, place) for place, (_shape, trainable) in enumerate(shapes)]
    found: dict[tuple[int, int], str] = {}
    for top, variables in wanted.items():
        names = contents.texts(f"model_weights/{top}", "weight_names")
        if len(names) != len(variables):
            raise Unsafe(
                _(
                    "its layer {name} has {found} arrays, and its configuration says {expected}",
                    name=top,
                    found=len(names),
                    expected=len(variables),
                )
            )
        for (_fixed, number, place), name in zip(sorted(variables), names, strict=True):
            found[number, place] = f"model_weights/{top}/{name}"
    return [
        tuple(found[number, place] for place in range(len(shapes)))
        for number, (_leaf, shapes) in enumerate(_with_shapes(described))
    ]


def _network(described: Described, contents: Contents, places: list[tuple[str, ...]]) -> Network:
    wanted = [
        [(place, shape) for place, (shape, _trainable) in zip(own, shapes, strict=True)]
        for own, (_leaf, shapes) in zip(places, _with_shapes(described), strict=True)
    ]
    for place, shape in (each for own in wanted for each in own):
        contents.refuse_unless(place, shape)  # all of them, before memory is spent on the first
    variables: tuple[tuple[Reals, ...], ...] = tuple(
        tuple(contents.array(place, shape) for place, shape in own) for own in wanted
    )
    return Network(described.architecture, variables)
