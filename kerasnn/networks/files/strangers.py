"""Say what a file or folder is that is no model for kerasnn, by first bytes and names, and how to come to one."""

import shlex
import zipfile
from pathlib import Path
from typing import Final, NamedTuple

from kerasnn.files.packed import ZIP
from kerasnn.language import N_, _

_SAVE: Final = N_('where it was made, model.save("model.keras") writes what kerasnn reads')
_REBUILD: Final = N_("kerasnn reads networks of Keras, so build its layers in Keras and set their weights")
_MEMBERS: Final = ("config.json", "metadata.json", "model.weights.h5")  # of a .keras file


class _Kind(NamedTuple):
    """A form of models. `begins`: its bytes from `at` on."""

    name: str
    suffixes: tuple[str, ...]
    advice: str
    begins: bytes | None = None
    at: int = 0


# a suffix says more than the bytes: PyTorch's files are pickles, or zips
_KINDS: Final = (
    _Kind(N_("it is a PyTorch file"), (".pt", ".pth", ".safetensors"), _REBUILD),
    _Kind(N_("it is an ONNX file"), (".onnx",), _SAVE),
    _Kind(N_("it is a LiteRT file"), (".tflite",), _SAVE, b"TFL3", 4),
    _Kind(N_("it is a part of TensorFlow's SavedModel"), (".pb",), _SAVE),
    _Kind(N_("it is a pickle, as scikit-learn saves models"), (".pkl", ".pickle", ".joblib"), _REBUILD, b"\x80"),
    _Kind(N_("it is JSON, as model.to_json writes a network without its weights"), (".json",), _SAVE, b"{"),
)


def told(path: Path) -> str | None:
    """Return in one clause what the file `path` is; None if it is a whole zip of no known suffix. Raises: OSError."""
    with path.open("rb") as file:
        head = file.read(8)
    for kind in _KINDS:
        if path.suffix.lower() in kind.suffixes or (kind.begins and head[kind.at :].startswith(kind.begins)):
            return f"{_(kind.name)}; {_(kind.advice)}"
    if not head:
        return _("it is empty")
    if not head.startswith(ZIP):
        return _("it is neither a zip, as .keras files are, nor HDF5, as .h5 files are")
    return None if zipfile.is_zipfile(path) else _("its end is missing; copy or download it again")


def told_folder(folder: Path) -> tuple[str, str | None]:
    """Return what a folder without a run.json is, about {folder}, and how to come to a model, if that is known."""
    if (folder / "saved_model.pb").is_file():
        call = f"tf_keras.models.load_model({str(folder)!r}).save('model.h5')"
        hint = _(
            'where it was made, model.save("model.keras") writes another form; if Keras 2 saved it: {call}', call=call
        )
        return N_("{folder} is a SavedModel of TensorFlow"), hint
    if all((folder / member).is_file() for member in _MEMBERS):
        command = f"cd {shlex.quote(str(folder))} && zip -0 ../model.keras {' '.join(_MEMBERS)}"
        return N_("{folder} is a .keras file that was unpacked"), _("pack it again: {command}", command=command)
    return N_("{folder} is a folder without a run.json, so it is not that of a run"), None
