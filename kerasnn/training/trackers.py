"""Log a training in the formats of Keras' own callbacks: TensorBoard's event files and CSVLogger's table.

If a log can no longer be written, it ends with a notice, and the training continues. `only_watches` says that a
callback does not affect the weights, so that a training may be resumed without it.
"""

import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from kerasnn.errors import EnvironmentFault
from kerasnn.files.atomic import check_writable
from kerasnn.files.paths import new_folder
from kerasnn.language import _
from kerasnn.networks.runtime import keras
from kerasnn.records import Listener, Notice
from kerasnn.training.monitor import BATCH_HOOKS


class _Log:
    """What both logs share. `place`: the file or folder to write to."""

    def __init__(self, place: Path, listener: Listener) -> None:
        self.place, self.listener, self.ended = place, listener, False

    def write(self, write: Callable[..., None], *arguments: Any) -> None:
        """Call `write` unless the log has ended; end the log if that fails."""
        if self.ended:
            return
        try:
            write(*arguments)
        except Exception as error:  # TensorFlow's own errors are not OSErrors
            self.ended = True
            reason = (error.strerror if isinstance(error, OSError) else None) or str(error).partition("\n")[0]
            says = _("{path} can no longer be written: {reason}; the training continues")
            self.listener(Notice(says.format(path=self.place, reason=reason), warns=True))


class EpochTensorBoard(keras.callbacks.TensorBoard):  # type: ignore[misc]
    """Keras' TensorBoard without hooks for batches, so that the engine `fused` can call it; so it cannot profile.

    Every training writes to a new folder in `folder`, named by date, time and stage.
    """

    only_watches = True

    def __init__(self, folder: Path, stage: str, listener: Listener) -> None:
        super().__init__(str(folder), update_freq="epoch")
        self.folder, self.stage, self.log = folder, stage, _Log(folder, listener)

    def set_model(self, model: Any) -> None:
        self._model = model  # set even if the log fails: Keras' Callback.model returns it
        self.log.write(self._begin, model)

    def _begin(self, model: Any) -> None:
        self.log.place = new_folder(self.folder, f"{time.strftime('%Y%m%d-%H%M%S')}-{self.stage}")
        self.log_dir = str(self.log.place)
        super().set_model(model)


def _logged(hook: str) -> Callable[..., None]:
    def call(self: EpochTensorBoard, *arguments: Any) -> None:
        self.log.write(getattr(super(EpochTensorBoard, self), hook), *arguments)

    return call


for _hook in ("on_train_begin", "on_train_end", "on_epoch_begin", "on_epoch_end", "on_test_begin", "on_test_end"):
    setattr(EpochTensorBoard, _hook, _logged(_hook))
for _hook in BATCH_HOOKS:
    setattr(EpochTensorBoard, _hook, getattr(keras.callbacks.Callback, _hook))  # `fused` would refuse TensorBoard's


class NewCSVLog(keras.callbacks.CSVLogger):  # type: ignore[misc]
    """Keras' CSVLogger, but it writes to a new file, and keeps it open only while it writes a line."""

    only_watches = True

    def __init__(self, path: Path, listener: Listener) -> None:
        super().__init__(str(path))
        self.log = _Log(path, listener)

    def on_train_begin(self, logs: Any = None) -> None:
        self.log.write(self._begin, logs)

    def _begin(self, logs: Any) -> None:
        self.log.place.touch(exist_ok=False)  # fails if another process has created the file meanwhile
        super().on_train_begin(logs)
        self.csv_file.close()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.log.write(self._add, epoch, logs)

    def _add(self, epoch: int, logs: Any) -> None:
        with self.log.place.open("a") as self.csv_file:
            self.writer = None  # the previous one writes to the file that has been closed
            super().on_epoch_end(epoch, logs)
        self.append_header = False


def tensorboard_log(folder: Path, stage: str, listener: Listener) -> EpochTensorBoard:
    """Return a callback that writes event files to a new folder in `folder`.

    Raises: EnvironmentFault if `folder` cannot be written, or TensorBoard, which writes the files, is not installed.
    """
    if find_spec("tensorboard") is None:
        raise EnvironmentFault(
            _("TensorBoard is not installed"),
            expected=_("the extra 'tensorboard'"),
            hint=_("pip install 'kerasnn[tensorboard]'"),
        )
    check_writable(folder, hint=_("name another place with --tensorboard"))
    return EpochTensorBoard(folder, stage, listener)


def csv_log(path: Path, listener: Listener) -> NewCSVLog:
    """Return a callback that writes one line per epoch to the new file `path`; as in Keras, epochs count from 0.

    Raises: EnvironmentFault if it cannot be written.
    """
    check_writable(path.parent, hint=_("name another place with --csv"))
    return NewCSVLog(path, listener)
