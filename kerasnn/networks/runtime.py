"""The only module that imports Keras and its backend, after it has set the backend and the log level.

Nothing else in kerasnn imports keras, tensorflow, torch or jax. Importing this module takes seconds. `tf` exists only
on the backend TensorFlow.
"""

import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO

from kerasnn.errors import EnvironmentFault
from kerasnn.language import _
from kerasnn.networks.backend import backend, require_address_space
from kerasnn.networks.fatal import told
from kerasnn.networks.threads import chosen_threads
from kerasnn.networks.xla_folder import offered_to_xla
from kerasnn.platforms import cores

# -v sets 0, which shows all of TensorFlow's messages
_LOUD = os.environ.get("TF_CPP_MIN_LOG_LEVEL") == "0"
# over a flag that it does not know XLA ends the process without a signal: only what it prints says why
_HAS_FLAGS = not {"XLA_FLAGS", "TF_XLA_FLAGS"}.isdisjoint(os.environ)


@contextmanager
def quiet() -> Iterator[IO[bytes] | None]:
    """Keep what C++ code writes to file descriptor 2 in a file: the log level does not silence all of TensorFlow.

    What Python writes to `sys.stderr` meanwhile, such as a live display, is still shown. None if nothing is kept.
    """
    if _LOUD or _HAS_FLAGS:
        yield None
        return
    python_stderr = sys.stderr
    kept = _temporary_file()
    saved, nowhere = os.dup(2), os.dup(kept.fileno()) if kept else os.open(os.devnull, os.O_WRONLY)
    try:
        # first, so that a display in another thread loses nothing; never closed: others, such as TensorFlow's logger,
        # keep the sys.stderr that they find here
        sys.stderr = open(os.dup(saved), "w", encoding=python_stderr.encoding, errors="replace", buffering=1)  # noqa: SIM115, PTH123
        python_stderr.flush()
        os.dup2(nowhere, 2)
        yield kept
    finally:
        os.dup2(saved, 2)
        sys.stderr = python_stderr
        os.close(saved)
        os.close(nowhere)
        if kept:
            kept.close()


def _temporary_file() -> IO[bytes] | None:
    with suppress(OSError):  # no folder for temporary files can be written
        return tempfile.TemporaryFile()  # its user closes it
    return None


@contextmanager
def _without(*packages: str) -> Iterator[None]:
    """Hide optional `packages` while Keras is imported, which saves a quarter of its import time.

    In this process `keras.wrappers` (scikit-learn) and `keras.visualization` (matplotlib) will then report them
    missing. The packages themselves can be imported afterwards as usual.
    """
    absent = [package for package in packages if package not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]  # None makes an import fail
    try:
        yield
    finally:
        for package in absent:
            del sys.modules[package]


def _set_environment() -> None:
    os.environ["KERAS_BACKEND"] = backend()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # these two would silently shorten a training
    os.environ.pop("KERAS_MAX_EPOCHS", None)
    os.environ.pop("KERAS_MAX_STEPS_PER_EPOCH", None)


def _reason(error: Exception) -> str:
    """Return the line that says why; TensorFlow's message holds a whole traceback, with that line below it."""
    lines = (line for line in str(error).splitlines() if line.strip())
    return next((line for line in lines if not line.startswith((" ", "Traceback"))), type(error).__name__)


# what a package raises as it is imported, if parts of it are missing or do not go with those of others
BROKEN = (ImportError, AttributeError, RuntimeError, SystemError, TypeError, ValueError)

_set_environment()
require_address_space()
with quiet() as printed, told(printed), _without("sklearn", "matplotlib"), offered_to_xla():
    try:
        import keras
    except BROKEN as error:
        raise EnvironmentFault(
            _("Keras on {backend} cannot be loaded: {error}", backend=backend(), error=_reason(error)),
            expected=_("both installed, and enough memory for them"),
            hint=_("pip install kerasnn, in a new virtual environment if need be"),
        ) from error

    EXHAUSTED: tuple[type[Exception], ...] = ()  # what TensorFlow raises if memory runs out
    # what Keras and its backend raise for a network that they cannot build or compute
    REFUSALS: tuple[type[Exception], ...] = (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError)
    if backend() == "tensorflow":
        import tensorflow as tf

        EXHAUSTED = (tf.errors.ResourceExhaustedError,)
        REFUSALS = (*REFUSALS, tf.errors.OpError)

        if not _LOUD:
            tf.get_logger().setLevel("ERROR")  # it warns of "retracing" when a process trains several networks
        tf.config.list_physical_devices()  # here, because it prints messages
        with suppress(RuntimeError):  # someone in this process has already computed with TensorFlow
            tf.config.threading.set_intra_op_parallelism_threads(chosen_threads())
        # XLA prints a message at its first compilation: compile something here, where it is discarded
        tf.function(lambda: tf.constant(0), jit_compile=True, autograph=False)()
    elif backend() == "torch":
        import torch

        if "OMP_NUM_THREADS" not in os.environ:
            torch.set_num_threads(chosen_threads())
# Keras 3.15 saving variables of TensorFlow 2.21 under NumPy 2.4; PYTHONWARNINGS=error would make it fail
warnings.filterwarnings("ignore", "__array__ implementation doesn't accept a copy keyword", DeprecationWarning)
# override the user's ~/.keras/keras.json
keras.config.set_floatx("float32")
keras.config.set_epsilon(1e-7)
keras.config.set_image_data_format("channels_last")

__all__ = ["REFUSALS", "device", "keras", "make_repeatable", "memory_watched", "tf", "threads"]


@contextmanager
def memory_watched() -> Iterator[None]:
    """Turn TensorFlow's error for exhausted memory into MemoryError, as Python and NumPy raise it.

    Raises: MemoryError.
    """
    try:
        yield
    except EXHAUSTED as error:
        raise MemoryError(str(error).splitlines()[0]) from error


def make_repeatable(seed: int) -> None:
    """Seed Python, NumPy and Keras, and make the backend use deterministic operations, as the notebooks do."""
    # on another backend Keras would import TensorFlow just to seed it, which takes three seconds and prints messages
    with _without(*({"tensorflow"} - {backend()})):
        keras.utils.set_random_seed(seed)
    match backend():
        case "tensorflow":
            tf.config.experimental.enable_op_determinism()
        case "torch":
            torch.use_deterministic_algorithms(True, warn_only=True)


def device() -> str:
    """Return the name of the first GPU, or CPU."""
    match backend():
        case "torch":
            return str(torch.cuda.get_device_name(0)) if torch.cuda.is_available() else "CPU"
        case "jax":
            import jax

            first = jax.devices()[0]
            return "CPU" if first.platform == "cpu" else str(first.device_kind)
    gpus = tf.config.list_physical_devices("GPU")
    if not gpus:
        return "CPU"
    details = tf.config.experimental.get_device_details(gpus[0])
    return str(details.get("device_name", "GPU"))


def threads() -> int:
    """Return how many threads an operation may use."""
    match backend():
        case "torch":
            return int(torch.get_num_threads())
        case "jax":
            return cores()
    return tf.config.threading.get_intra_op_parallelism_threads() or cores()
