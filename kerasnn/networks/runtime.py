"""The one door to Keras: backend, log level, seed and determinism are settled here, before anything else runs.

Nothing else in kerasnn imports keras or tensorflow. Importing this module takes seconds.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

# set by the user, it lets all of TensorFlow's own messages through
_LOUD = "TF_CPP_MIN_LOG_LEVEL" in os.environ


@contextmanager
def _stderr_closed() -> Iterator[None]:
    """Throw away what is written to file descriptor 2: the log level does not silence TensorFlow's start."""
    if _LOUD:
        yield
        return
    sys.stderr.flush()
    saved = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(nowhere)


def _settle_environment() -> None:
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # these two would cut a training short without a word
    os.environ.pop("KERAS_MAX_EPOCHS", None)
    os.environ.pop("KERAS_MAX_STEPS_PER_EPOCH", None)


_settle_environment()
with _stderr_closed():
    import keras
    import tensorflow as tf

    tf.config.list_physical_devices()
# the user's own ~/.keras/keras.json may say otherwise
keras.config.set_floatx("float32")
keras.config.set_epsilon(1e-7)
keras.config.set_image_data_format("channels_last")

__all__ = ["device", "keras", "make_repeatable", "tf", "threads"]


def make_repeatable(seed: int) -> None:
    """Seed Python, NumPy and Keras, and have TensorFlow choose deterministic operations, as the notebooks do."""
    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()


def device() -> str:
    """What computes: the first GPU by its name, else CPU."""
    gpus = tf.config.list_physical_devices("GPU")
    if not gpus:
        return "CPU"
    details = tf.config.experimental.get_device_details(gpus[0])
    return str(details.get("device_name", "GPU"))


def threads() -> int:
    """How many threads an operation may use."""
    return tf.config.threading.get_intra_op_parallelism_threads() or len(os.sched_getaffinity(0))
