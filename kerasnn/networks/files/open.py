"""Open a model file, whoever made it: `.keras` of any Keras 3, whole-model `.h5`, or the `.npz` of stage `sgd`.

The zip (`archive`), the HDF5 (`hdf5`) and the configuration (`config`) are checked before any weights are read. Keras
never sees the file, because NumPy computes the lecture's layers; the exception is `trust`.
"""

from collections.abc import Iterator
from dataclasses import replace
from math import prod
from pathlib import Path
from typing import Any, Final

from kerasnn.errors import ModelFileError
from kerasnn.language import N_, _
from kerasnn.lecture.layer import Shape
from kerasnn.networks.classifier import Classifier, Reals
from kerasnn.networks.files import MOST_CLASSES, Unsafe, Unsupported
from kerasnn.networks.files.archive import ABOUT, LARGEST_FILE, Archive, parse_config, read_archive, read_linear
from kerasnn.networks.files.config import Described, Leaf, describe, refuse_too_much
from kerasnn.networks.files.hdf5 import SIGNATURE, Contents, read_contents
from kerasnn.networks.files.outputs import loss_name, notes_on, refuse_other_outputs
from kerasnn.networks.forward import Network, OneVsRest, ending_of
from kerasnn.networks.pixels import notes_on_pixels
from kerasnn.records import Note

LINEAR_SUFFIX: Final = ".npz"


def open_classifier(path: Path, *, trust: bool = False) -> Classifier:
    """Open the model in the file `path`. With `trust`, Keras opens what kerasnn cannot read itself.

    Raises: ModelFileError if the file is missing, is not a model or not a classifier, or is not safe to open.
    """
    try:
        return _open(path, keras_2=trust)
    except Unsupported as reason:
        if trust:
            from kerasnn.networks.files.trusted import open_trusted  # loads TensorFlow

            return open_trusted(path, _compiled_in(path))
        raise ModelFileError(
            _("{path} cannot be opened: {reason}", path=path, reason=reason),
            expected=_("a chain of the lecture's layers, saved by Keras 3"),
            hint=_("if you trust its author, add --trust to predict, evaluate, summary or report: then Keras opens it"),
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
    return _open_hdf5(path) if _is_hdf5(path) else _open_keras(path, keras_2=keras_2)


def _is_hdf5(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(SIGNATURE)) == SIGNATURE


def _open_keras(path: Path, *, keras_2: bool) -> Network:
    """Open a `.keras` file. `keras_2`: try even if Keras 2 wrote it, in a form that changed from release to release."""
    archive = read_archive(path)
    version = parse_config(archive.metadata).get("keras_version")
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
    config = parse_config(archive.config)
    described, notes = _classifier(config, config.get("compile_config"))
    contents = read_contents(path, archive.start, archive.length)
    places = [
        tuple(f"{leaf.group}/{number}" for number in range(len(shapes))) for leaf, shapes in _with_shapes(described)
    ]
    contents.refuse_others(place for own in places for place in own)
    return _network(described, contents, places, notes)


def _open_hdf5(path: Path) -> Network:
    contents = read_contents(path, 0, path.stat().st_size)
    text = contents.text("model_config")
    if text is None:
        raise Unsafe(_("it holds weights without the network that they belong to; save the whole model: model.save"))
    described, notes = _classifier(parse_config(text), _compiled(contents))
    return _network(described, contents, _legacy_places(described, contents), notes)


def about_in(path: Path) -> Any:
    """Return what `kerasnn export` put into a model file: `classes`, `shape`, `background`; None if it put nothing."""
    try:
        if _is_hdf5(path):
            text = read_contents(path, 0, path.stat().st_size).text(ABOUT)
            return parse_config(text) if text else None
        return parse_config(read_archive(path).metadata).get(ABOUT)
    except (Unsafe, OSError):
        return None


def _compiled(contents: Contents) -> Any:
    compiled = contents.text("training_config")
    return parse_config(compiled) if compiled else None


def _compiled_in(path: Path) -> Any:
    """Return what the model in `path` was compiled with; None if it cannot be read."""
    try:
        if _is_hdf5(path):
            return _compiled(read_contents(path, 0, path.stat().st_size))
        return parse_config(read_archive(path).config).get("compile_config")
    except Unsafe:
        return None


def _classifier(config: Any, compiled: Any) -> tuple[Described, tuple[Note, ...]]:
    """Return what `config` describes, with notes; `compiled`: the compile configuration, or None.

    Raises: Unsafe unless it is a classifier; Unsupported if it takes too much to compute.
    """
    described, loss = describe(config), loss_name(compiled)
    architecture = described.architecture
    refuse_too_much(architecture)
    ending, outputs = ending_of(architecture), architecture.output_shape
    one_number = outputs == (1,) and ending is not None and ending.activation == "linear" and "crossentropy" not in loss
    if ending is None or outputs[0] > MOST_CLASSES or one_number:
        raise Unsafe(
            _(
                "it is not a classifier: it ends in {last} with outputs of shape {shape}, where 2 to {most:,} "
                "probabilities were expected, one per class",
                last=architecture.layers[-1],
                shape=outputs,
                most=MOST_CLASSES,
            )
        )
    refuse_other_outputs(ending.activation, outputs[0], prod(architecture.input_shape), loss)
    return described, notes_on(ending.activation, outputs[0], loss=loss)


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


def _network(
    described: Described, contents: Contents, places: list[tuple[str, ...]], notes: tuple[Note, ...]
) -> Network:
    wanted = [
        [(place, shape) for place, (shape, _trainable) in zip(own, shapes, strict=True)]
        for own, (_leaf, shapes) in zip(places, _with_shapes(described), strict=True)
    ]
    for place, shape in (each for own in wanted for each in own):
        contents.refuse_unless(place, shape)  # all of them, before memory is spent on the first
    variables: tuple[tuple[Reals, ...], ...] = tuple(
        tuple(contents.array(place, shape) for place, shape in own) for own in wanted
    )
    network = Network(described.architecture, variables, takes_bytes=described.whole or None)
    return replace(network, notes=(*notes, *notes_on_pixels(network.step_for_bytes, whole=described.whole)))
