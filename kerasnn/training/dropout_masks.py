"""Dropout for the engine `fused`: the XLA program draws masks that depend only on seed, epoch, layer and step."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kerasnn.networks.runtime import tf


def mask_keys(seed: int, epoch: int, layers: int) -> NDArray[np.int32]:
    """Return a key for the dropout masks of each layer in `epoch`, counted from 0: int32 of shape (layers,)."""
    # 32 bits each: XLA's threefry ignores the upper half of a 64-bit key
    return np.random.SeedSequence([seed, epoch]).generate_state(layers).view(np.int32)


def drop(values: Any, rate: float, key: Any, step: Any) -> Any:
    """Apply dropout like Keras' Dropout, with a mask that depends only on `key` and `step`, both int32."""
    # threefry needs no state between calls, and XLA compiles it into the loop. TensorFlow's default generator, which
    # Keras' Dropout uses, takes five times as long as the rest of the step. threefry exists only under XLA.
    uniform = tf.random.stateless_uniform(tf.shape(values), tf.stack([key, step]), alg="threefry")
    return tf.where(uniform >= rate, values / (1 - rate), 0.0)
