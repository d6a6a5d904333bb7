"""Logs of a training in the formats of Keras' own callbacks: TensorBoard's event files, CSVLogger's table."""

from datetime import datetime
from importlib.util import find_spec
from pathlib import Path

from kerasnn.errors import EnvironmentFault, UsageError
from kerasnn.language import _
from kerasnn.networks.runtime import keras

_Callback = keras.callbacks.Callback


class EpochTensorBoard(keras.callbacks.TensorBoard):  # type: ignore[misc]
    """Keras' TensorBoard, told of epochs alone: so the engine `fused` serves it, and no profile is taken."""

    on_train_batch_begin = _Callback.on_train_batch_begin
    on_train_batch_end = _Callback.on_train_batch_end
    on_test_batch_begin = _Callback.on_test_batch_begin
    on_test_batch_end = _Callback.on_test_batch_end


def tensorboard_log(folder: Path, stage: str) -> EpochTensorBoard:
    """Writes event files into a new folder in `folder`, named by date, time and stage.

    Raises: EnvironmentFault where it cannot be made, or TensorBoard is not installed: TensorFlow writes events with it.
    """
    if find_spec("tensorboard") is None:
        raise EnvironmentFault(
            _("TensorBoard is not installed"),
            expected=_("the extra 'tensorboard'"),
            hint=_("pip install 'kerasnn[tensorboard]'"),
        )
    place = folder / f"{datetime.now().astimezone():%Y%m%d-%H%M%S}-{stage}"
    _make(place)
    return EpochTensorBoard(str(place), update_freq="epoch")


def csv_log(path: Path) -> keras.callbacks.CSVLogger:
    """Writes a line an epoch into the new file `path`, epochs from 0 as Keras counts them.

    Raises: UsageError where the file is there already; EnvironmentFault where it cannot be made.
    """
    if path.exists():
        raise UsageError(
            _("{path} is there already", path=path),
            expected=_("the name of a new file"),
            hint=_("name another with --csv"),
        )
    _make(path.parent)
    try:
        path.touch()
    except OSError as error:
        raise _cannot(path, error) from None
    return keras.callbacks.CSVLogger(str(path))


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _cannot(folder, error) from None


def _cannot(path: Path, error: OSError) -> EnvironmentFault:
    return EnvironmentFault(
        _("{path} cannot be written: {strerror}", path=path, strerror=error.strerror or error),
        expected=_("a place you may write to, on a disk with room"),
    )
