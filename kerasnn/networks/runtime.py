"""The one door to Keras: backend, log level, seed and determinism are settled here, before anything else runs.

Nothing else in kerasnn imports keras, tensorflow, torch or jax. Importing this module takes seconds. `tf` is there on
the backend TensorFlow alone.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from kerasnn.errors import EnvironmentFault
from kerasnn.language import _
from kerasnn.networks.backend import backend
from kerasnn.networks.room import refuse_little_room

# 0, as -v sets it, lets all of TensorFlow's own messages through
_LOUD = os.environ.get("TF_CPP_MIN_LOG_LEVEL") == "0"


@contextmanager
def quiet() -> Iterator[None]:
    """Throw away what C++ writes to file descriptor 2: the log level does not silence all of TensorFlow.

    What Python writes to `sys.stderr` meanwhile, such as a live display, still comes through.
    """
    if _LOUD:
        yield
        return
    sys.stderr.flush()
    python_stderr = sys.stderr
    saved, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        # never closed: whoever asks for sys.stderr meanwhile, as TensorFlow's logger does, may keep it
        sys.stderr = open(os.dup(saved), "w", encoding=python_stderr.encoding, errors="replace", buffering=1)  # noqa: SIM115, PTH123
        yield
    finally:
        os.dup2(saved, 2)
        sys.stderr = python_stderr
        os.close(saved)
        os.close(nowhere)


@contextmanager
def _without(*packages: str) -> Iterator[None]:
    """Have Keras believe that `packages` are not installed: its optional imports of them take a quarter of its own.

    In this process `keras.wrappers` (scikit-learn) and `keras.visualization` (matplotlib) then say that they miss
    them; both packages themselves can be imported afterwards as ever.
    """
    absent = [package for package in packages if package not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]  # None makes an import fail
    try:
        yield
    finally:
        for package in absent:
            del sys.modules[package]


def _settle_environment() -> None:
    os.environ["KERAS_BACKEND"] = backend()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # these two would cut a training short without a word
    os.environ.pop("KERAS_MAX_EPOCHS", None)
    os.environ.pop("KERAS_MAX_STEPS_PER_EPOCH", None)


_settle_environment()
refuse_little_room()
with quiet(), _without("sklearn", "matplotlib"):
    try:
        import keras
    except ImportError as error:
        raise EnvironmentFault(
            _("Keras on {backend} cannot be loaded: {error}", backend=backend(), error=error),
            expected=_("both installed, and memory for them"),
            hint=_("pip install kerasnn, in a new virtual environment if need be"),
        ) from error

    EXHAUSTED: tuple[type[Exception], ...] = ()
    # what Keras and its backend raise of a network that they do not build or compute
    REFUSALS: tuple[type[Exception], ...] = (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError)
    if backend() == "tensorflow":
        import tensorflow as tf

        EXHAUSTED = (tf.errors.ResourceExhaustedError,)
        REFUSALS = (*REFUSALS, tf.errors.OpError)

        if not _LOUD:
            tf.get_logger().setLevel("ERROR")  # it warns of several trainings in one process as "retracing"
        tf.config.list_physical_devices()
        # XLA announces its first compilation
        tf.function(lambda: tf.constant(0), jit_compile=True, autograph=False)()
    elif backend() == "torch":
        import torch

        if "OMP_NUM_THREADS" not in os.environ:
            torch.set_num_threads(1)  # in a network this small several threads wait for each other more than they help
# the user's own ~/.keras/keras.json may say otherwise
keras.config.set_floatx("float32")
keras.config.set_epsilon(1e-7)
keras.config.set_image_data_format("channels_last")

__all__ = ["REFUSALS", "device", "keras", "make_repeatable", "memory_watched", "tf", "threads"]


@contextmanager
def memory_watched() -> Iterator[None]:
    """Have TensorFlow say that memory is short as Python and NumPy do.

    Raises: MemoryError.
    """
    try:
        yield
    except EXHAUSTED as error:
        raise MemoryError(str(error).splitlines()[0]) from error


def make_repeatable(seed: int) -> None:
    """Seed Python, NumPy and Keras, and have the backend choose deterministic operations, as the notebooks do."""
    # Keras would import TensorFlow only to seed it: three seconds, and messages on stderr
    with _without(*({"tensorflow"} - {backend()})):
        keras.utils.set_random_seed(seed)
    match backend():
        case "tensorflow":
            tf.config.experimental.enable_op_determinism()
        case "torch":
            torch.use_deterministic_algorithms(True, warn_only=True)


def device() -> str:
    """What computes: the first GPU by its name, else CPU."""
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
    """How many threads an operation may use."""
    here = len(os.sched_getaffinity(0))
    match backend():
        case "torch":
            return int(torch.get_num_threads())
        case "jax":
            return here
    return tf.config.threading.get_intra_op_parallelism_threads() or here
