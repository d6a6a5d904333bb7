"""`kerasnn.export`: a network in another form, compared with kerasnn's predictions before it gets its name."""

import json
import re
import shlex
from pathlib import Path, PurePath
from time import perf_counter
from typing import Final

import numpy as np

from kerasnn.data.dataset import Dataset
from kerasnn.data.load import load_for_model, source_of
from kerasnn.errors import CheckFailed, ModelFileError, UsageError
from kerasnn.exports.forms import Form, find_form, require
from kerasnn.exports.network import Leaving, leaving
from kerasnn.files.atomic import check_place, replacing_all
from kerasnn.files.owned import check_replaceable, command_for, is_own, whose
from kerasnn.files.paths import RUNS, as_argument, expanded
from kerasnn.files.seal import seal
from kerasnn.language import _
from kerasnn.networks.backend import announce_import
from kerasnn.networks.classifier import Classifier, Images, in_batches
from kerasnn.networks.evaluation import require_its_classes
from kerasnn.networks.files.open import open_classifier
from kerasnn.records import Export, Listener, Working, show_in_notebook
from kerasnn.runs.find_model import FoundModel, class_names, find_model, image_shape
from kerasnn.runs.record_check import data_problems

TOLERANCE: Final = 1e-4  # measured: 1e-6 and less; weights of half precision would differ by 1e-3
SUFFIXES: Final = (".keras", ".h5", ".hdf5", ".npz")  # of models
AT_ONCE: Final = 5000  # images that the other program is asked about; for some it starts anew each time
# what is in a folder of TensorFlow's form
GRAPH_FOLDER: Final = re.compile(
    r"(saved_model|fingerprint)\.pb|variables(/variables\.[^/]+)?|assets|assets\.extra(/kerasnn\.json)?"
)


def export(
    model: str | Path,
    *,
    to: str | None = None,
    file: str | Path | None = None,
    scaling: str = "inside",
    force: bool = False,
    dataset: str | Path | Dataset | None = None,
    data_dir: str | Path | None = None,
    out: str | Path = RUNS,
    trust: bool = False,
    listener: Listener = show_in_notebook,
) -> Export:
    """Write `model` in a form that other programs can read, compared with kerasnn's predictions on the test images.

    `to`: `keras`, `h5`, `saved-model`, `onnx`, `litert`, `page` or `python`. `file`: where to, by default
    a name like the model's, here.
    `scaling`: `inside` if the exported network shall take pixels from 0 to 255, `outside` if they come divided by 255.
    `force`: replace what is at `file`, whoever wrote it.
    `model`, `dataset`, `data_dir`, `out`, `trust`: as in `evaluate`; `dataset` is what is compared on.

    Raises: UsageError, ModelFileError, DataError; EnvironmentFault if a package is missing; CheckFailed if the written
    network differs by more than 1e-4 in a probability, and then nothing is left of it.
    """
    form = find_form(to)
    require(form)
    found = find_model(str(model), expanded(out))
    path = _path(form, found, expanded(file) if file is not None else None)
    command = f"{command_for('export', [found.name])} --to {form.name}"
    _check_replaceable(path, form, command=command, force=force)
    check_place(path, hint=_("name another place with {flag}", flag="--out"))
    classifier = open_classifier(found.path, trust=trust)
    data = load_for_model(source_of(dataset, data_dir), found.dataset, found.image_shape, listener)
    require_its_classes(classifier, data)
    names, notes = class_names(found, classifier.classes, classifier.input_size, data.info if dataset else None)
    shape = image_shape(found, classifier.input_shape)
    more = {"command": command, "background": found.background}
    network = leaving(classifier, scaling, names=names, image_shape=shape, **more)
    _refuse_unfit(form, network, classifier)
    started = perf_counter()
    difference, files = _write(form, network, path, data.test.images, listener)
    return Export(
        model=found.name,
        format=form.name,
        path=str(path),
        files=tuple(map(str, files)),
        bytes=sum(each.stat().st_size for each in files),
        images=len(data.test),
        largest_difference=difference,
        dataset=data.info,
        pixels="0..255" if network.divides else "0..1",
        input_shape=network.input_shape,
        classes=names,
        opened_with=form.opened_with.format(
            text=json.dumps(str(path), ensure_ascii=False), file=shlex.quote(as_argument(path))
        ),
        seconds=perf_counter() - started,
        notes=(*found.problems, *data_problems(found.card, data.info), *notes, *classifier.notes),
    )


def _path(form: Form, found: FoundModel, file: Path | None) -> Path:
    """Return where to write. Raises: UsageError unless the name has the ending of the form."""
    name = PurePath(found.name)
    stem = name.stem if name.suffix in SUFFIXES else name.name
    if file is None:
        return Path(f"{stem}{form.ending}")
    if form.is_folder or (file.suffix == form.ending and not file.is_dir()):
        return file
    if not file.is_dir():
        check_replaceable(file, force=True, hint="")
    better = file / f"{stem}{form.ending}" if file.is_dir() else file.with_suffix(form.ending)
    raise UsageError(
        _("--out is '{file}'", file=file),
        expected=_("a file whose name ends in {ending}", ending=form.ending),
        hint=_("write --out {file}", file=shlex.quote(str(better))),
    )


def _check_replaceable(path: Path, form: Form, *, command: str, force: bool) -> None:
    """Raise UsageError unless nothing is at `path`, or `command` wrote it, or `force` says that it may go."""
    hint = _("name another file with --out, or add --force to replace it")
    if form.is_folder and path.is_dir() and not path.is_symlink():
        content = sorted(each.relative_to(path).as_posix() for each in path.rglob("*"))
        other = next((name for name in content if not GRAPH_FOLDER.fullmatch(name)), None)
        if other is not None:
            raise UsageError(
                _("{path} holds other files too, such as {name}, and is not replaced", path=path, name=other),
                hint=_("name another folder with --out"),
            )
        if content and not (force or is_own(path, command)):
            raise UsageError(whose(path), hint=hint)
        return
    for each in (path, *(path.with_suffix(ending) for ending in form.beside)):
        check_replaceable(each, force=force or is_own(each, command), hint=hint)


def _refuse_unfit(form: Form, network: Leaving, classifier: Classifier) -> None:
    """Raise UsageError, ModelFileError if `form` cannot have this network, or not with this scaling."""
    if form.divides and not network.divides:
        raise UsageError(
            _("{form} always divides the pixels by 255 itself", form=form.name), expected=_("--scaling inside")
        )
    if network.network is None and not form.by_keras:
        raise ModelFileError(
            _("the model has layers that kerasnn does not compute itself, and {form} needs that", form=form.name),
            hint=_("kerasnn export --help lists the other forms"),
        )


def _write(form: Form, network: Leaving, path: Path, images: Images, listener: Listener) -> tuple[float, list[Path]]:
    """Write and compare; return the largest difference and the files."""
    if form.by_keras:
        announce_import(listener)
    writer = form.writer
    with replacing_all(path) as draft:
        listener(Working("exporting"))
        writer.write(network, draft)
        for each in draft.parent.iterdir():
            seal(each, network.command)
        listener(Working("comparing"))
        difference = _difference(form, network, draft, images)
        written = [each.relative_to(draft.parent) for each in draft.parent.rglob("*") if each.is_file()]
    return difference, [
        path.parent / each for each in sorted(written, key=lambda each: (each.parts[0] != path.name, each))
    ]


def _difference(form: Form, network: Leaving, path: Path, images: Images) -> float:
    """Return how far the probabilities of what was written are from kerasnn's, at most. Raises: CheckFailed."""
    compute, largest = form.writer.reader(path, network), 0.0
    for start in range(0, len(images), AT_ONCE):
        batch = images[start : start + AT_ONCE]
        expected = np.exp(in_batches(batch, network.classifier))
        found = network.probabilities(compute(batch))
        apart = np.abs(found - expected).max() if found.shape == expected.shape else np.inf
        largest = max(largest, float(apart) if np.isfinite(apart) else np.inf)
    if largest > TOLERANCE:
        raise CheckFailed(
            _(
                "as {form}, the network gives other probabilities, by up to {difference:.2g}",
                form=form.name,
                difference=largest,
            ),
            expected=_("at most {most:g}; nothing was written", most=TOLERANCE),
            hint=_("kerasnn export --help lists the other forms"),
        )
    return largest
