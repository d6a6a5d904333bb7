"""The forms that a network leaves in, as data: one row each. To add a form, add its row and its module."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Protocol, cast

from kerasnn.errors import EnvironmentFault, UsageError, look_up
from kerasnn.exports.network import Leaving
from kerasnn.language import N_, _
from kerasnn.networks.backend import DEFAULT, backend
from kerasnn.networks.classifier import Images, Reals


class Writer(Protocol):
    """The module of a form."""

    def write(self, network: Leaving, path: Path) -> None:
        """Write `network` to `path`, a file or a folder that is not there yet; more files may go beside it.

        `network.about` has to be in it: the names of the classes, the command that wrote it,
        and a blank for the seal, which is filled in afterwards; in each file beside it, too.
        Raises: UsageError if the form cannot express this network.
        """

    def reader(self, path: Path, network: Leaving) -> Callable[[Images], Reals]:
        """Open what was written as its users do, without kerasnn, and return what computes its outputs, (n, outputs).

        Only where `Form.runs_here` is False, kerasnn computes what it reads back.

        It takes images as they are, uint8 of shape (n, rows, columns); `network.inputs` prepares them.
        """


@dataclass(frozen=True)
class Form:
    """A form. `title`: what it is, in a sentence. `ending`: of the name of its file or folder.

    `opened_with`: a line of code, or words; in it `{text}` is the path as Python writes it, `{file}` as a shell does.
    `extra`: of kerasnn, which installs the `packages`; None: none. `beside`: endings of the files beside it.
    `is_folder`: it is a folder. `divides`: the division by 255 is always in it. `by_keras`: Keras writes it, and so
    takes models that kerasnn cannot compute; with `on_tensorflow`, only on that backend. `is_read_here`: kerasnn opens
    it again. `runs_here`: it is compared as its users run it; False: what it holds is read back and computed by
    kerasnn.
    """

    name: str
    title: str
    ending: str
    module: str
    opened_with: str
    extra: str | None = None
    packages: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    is_folder: bool = False
    divides: bool = False
    by_keras: bool = True
    on_tensorflow: bool = False
    is_read_here: bool = False
    runs_here: bool = True

    @property
    def writer(self) -> Writer:
        return cast(Writer, importlib.import_module(self.module))


FORMS: Final = {
    each.name: each
    for each in (
        Form(
            name="keras",
            title=N_("a Keras file"),
            ending=".keras",
            module="kerasnn.exports.keras_file",
            opened_with="keras.saving.load_model({text})",
            is_read_here=True,
        ),
        Form(
            name="h5",
            title=N_("a Keras file in the older form HDF5"),
            ending=".h5",
            module="kerasnn.exports.keras_file",
            opened_with="keras.saving.load_model({text}, compile=False)",
            is_read_here=True,
        ),
        Form(
            name="saved-model",
            title=N_("a TensorFlow SavedModel"),
            ending="-saved-model",
            module="kerasnn.exports.saved_model",
            opened_with="model = tf.saved_model.load({text}); model.serve(images)",
            is_folder=True,
            on_tensorflow=True,
        ),
        Form(
            name="onnx",
            title=N_("an ONNX file"),
            ending=".onnx",
            module="kerasnn.exports.onnx_file",
            opened_with='onnxruntime.InferenceSession({text}).run(None, {{"images": images}})',
            extra="onnx",
            packages=("onnx", "tf2onnx", "onnxruntime"),
            on_tensorflow=True,
        ),
        Form(
            name="litert",
            title=N_("a LiteRT (TensorFlow Lite) file"),
            ending=".tflite",
            module="kerasnn.exports.litert",
            opened_with="ai_edge_litert.interpreter.Interpreter({text})",
            extra="litert",
            packages=("ai_edge_litert",),
            on_tensorflow=True,
        ),
        Form(
            name="page",
            title=N_("a web page"),
            ending=".html",
            module="kerasnn.exports.page_file",
            opened_with=N_("any browser"),
            runs_here=False,
            divides=True,
            by_keras=False,
        ),
        Form(
            name="python",
            title=N_("a NumPy script"),
            ending=".py",
            module="kerasnn.exports.python_file",
            opened_with="python {file} PICTURE",
            beside=(".npz",),
            divides=True,
            by_keras=False,
        ),
    )
}
OTHER_NAMES: Final = {
    "tflite": "litert",
    "hdf5": "h5",
    "tf": "saved-model",
    "tensorflow": "saved-model",
    "html": "page",
}


def find_form(name: str | None) -> Form:
    """Return the form called `name`, in any spelling. Raises: UsageError."""
    if name is None:
        raise UsageError(
            _("--to is missing"),
            expected=_("one of {names}", names=", ".join(FORMS)),
            hint=_("kerasnn export dropout --to keras"),
        )
    aliases = {alias: form for alias, form in OTHER_NAMES.items() if form in FORMS}
    return look_up(name, FORMS, _("--to is '{name}'", name=name), aliases=aliases)


def require(form: Form) -> None:
    """Raise EnvironmentFault if a package that `form` needs is missing, UsageError if Keras is on another backend."""
    missing = [name for name in form.packages if find_spec(name) is None]
    if missing:
        raise EnvironmentFault(
            _("{form} needs {packages}, which is not installed", form=form.name, packages=", ".join(missing)),
            expected=_("the extra kerasnn[{name}]", name=form.extra),
            hint=_("pip install 'kerasnn[{name}]'", name=form.extra),
        )
    if form.on_tensorflow and backend() != DEFAULT:
        raise UsageError(
            _("{form} is written on TensorFlow, and Keras is on {backend}", form=form.name, backend=backend()),
            hint=_("set KERASNN_BACKEND={backend}", backend=DEFAULT),
        )
