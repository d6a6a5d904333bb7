"""Small curves for the insides of units: each activation on -1 to 1 as an SVG path, whose y axis points down."""

from typing import Final

GLYPHS: Final = {
    "linear": "M-1 1L1 -1",
    "relu": "M-1 0.5H0L1 -0.9",
    "leaky_relu": "M-1 0.75L0 0.5L1 -0.9",
    "sigmoid": "M-1 0.7C0.1 0.7 -0.1 -0.7 1 -0.7",
    "tanh": "M-1 0.85C-0.05 0.85 0.05 -0.85 1 -0.85",
    "elu": "M-1 0.85C-0.6 0.85 -0.3 0.75 0 0.4L1 -0.9",
    "silu": "M-1 0.45C-0.6 0.6 -0.3 0.75 0 0.45L1 -0.85",
}
