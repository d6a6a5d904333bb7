"""Dropout for the engine `fused`: masks that follow from seed, epoch, layer and step, drawn inside the XLA program."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kerasnn.networks.runtime import tf


def mask_keys(seed: int, epoch: int, layers: int) -> NDArray[np.int32]:
    """Return one key per layer for its dropout masks in `epoch`, counted from 0: int32 of shape (layers,)."""
    # 32 bits each, because XLA's threefry ignores the upper half of a 64-bit key
    return np.random.SeedSequence([seed, epoch]).generate_state(layers).view(np.int32)


def drop(values: Any, rate: float, key: Any, step: Any) -> Any:
    """Apply dropout as Keras' Dropout does, with the mask that `key` and `step`, both int32, determine."""
    # threefry needs no state between calls and XLA compiles it into the loop. Keras' Dropout would use TensorFlow's
    # default generator, which takes five times as long as the rest of the step. threefry only exists under XLA.
    uniform = tf.random.stateless_uniform(tf.shape(values), tf.stack([key, step]), alg="threefry")
    return tf.where(uniform >= rate, values / (1 - rate), 0.0)
