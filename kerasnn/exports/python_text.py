"""The text of a NumPy script around the forward pass: its functions, and how it reads pictures."""

import re
from collections.abc import Iterator
from typing import Final

from kerasnn.exports.network import Leaving
from kerasnn.files.seal import BLANK
from kerasnn.language import _

# the last of the lines is what the function returns
FUNCTIONS: Final = {
    "relu": ("np.maximum(z, 0)",),
    "sigmoid": ("np.exp(-np.logaddexp(0, -z))  # 1 / (1 + exp(-z))",),
    "tanh": ("np.tanh(z)",),
    "leaky_relu": ("np.maximum(z, 0.2 * z)",),
    "elu": ("np.where(z > 0, z, np.expm1(np.minimum(z, 0)))",),
    "silu": ("z * np.exp(-np.logaddexp(0, -z))",),
    "softmax": (
        "powers = np.exp(z - z.max(axis=-1, keepdims=True))",
        "powers / powers.sum(axis=-1, keepdims=True)",
    ),
    "log_softmax": (
        "shifted = z - z.max(axis=-1, keepdims=True)",
        "shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))",
    ),
    "gelu": ("z / 2 * (1 + np.vectorize(math.erf, [float])(z / 2**0.5))",),
    "selu": ("1.05070098735548 * np.where(z > 0, z, 1.67326324235438 * np.expm1(np.minimum(z, 0)))",),
    "softplus": ("np.logaddexp(z, 0)  # log(1 + exp(z))",),
    "relu6": ("np.clip(z, 0, 6)",),
}
DENSE: Final = """def dense(values, layer):
    return values @ weights[f"{layer}.kernel"] + weights[f"{layer}.bias"]
"""
NORMALIZE: Final = """def normalize(values, layer):
    mean, variance, epsilon = (weights[f"{layer}.{name}"] for name in ("moving_mean", "moving_variance", "epsilon"))
    return (values - mean) / np.sqrt(variance + epsilon) * weights[f"{layer}.gamma"] + weights[f"{layer}.beta"]
"""


def _functions(statements: str) -> Iterator[str]:
    """Yield the functions that the forward pass calls."""
    for name, (*before, result) in FUNCTIONS.items():
        if re.search(rf"\b{name}\(", statements):
            yield "\n".join([f"def {name}(z):", *(f"    {line}" for line in before), f"    return {result}"]) + "\n"
    if "dense(" in statements:
        yield DENSE
    if "normalize(" in statements:
        yield NORMALIZE


def text_of(leaving: Leaving, statements: list[str], file: str) -> str:
    """Return the script around the `statements` of its forward pass. `file`: its name."""
    functions = list(_functions("\n".join(statements)))
    imports = ["import gzip", *(["import math"] if "math." in "".join(functions) else []), "import sys"]
    rows, columns = leaving.image_shape
    body, shape = "\n    ".join(statements), f"{rows}, {columns}"
    head = f"""{_heading(leaving.command, file)}
{chr(10).join(imports)}
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

with np.load(Path(__file__).with_suffix(".npz")) as file:
    weights = dict(file)
"""
    takes = _("bytes from 0 (black) to 255 (white), of shape (n, {rows}, {columns})", rows=rows, columns=columns)
    tail = f"""def predict(images):  # {takes}
    {body}


def read(path):
    if path.endswith(".gz"):
        return np.frombuffer(gzip.decompress(Path(path).read_bytes()), np.uint8, offset=16).reshape(-1, {shape})
    picture = Image.open(path).convert("L").resize(({columns}, {rows}))
{_inversion(leaving.background)}    return np.asarray(picture)[None]


if __name__ == "__main__":
    for path in sys.argv[1:]:
        for chances in predict(read(path)[:10]):
            print(path, *(f"{{weights['classes'][n]}} {{chances[n]:.4f}}" for n in chances.argsort()[:-4:-1]), sep="  ")
"""
    return "\n\n".join([head, *functions, tail])


def _heading(command: str, file: str) -> str:
    """Return the docstring. A name of a file or a model must not end it."""
    lines = (
        _("A network that kerasnn trained, computed with NumPy."),
        _("python {file} PICTURE...    says what the network sees in pictures", file=file),
        _("python {file} FILE.gz       and in the first ten images of a file in MNIST's form", file=file),
        _("Needs numpy and pillow, and its weights beside it. Written by `{command}`.", command=command),
    )
    text = "\n".join(lines).replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return f'"""{text}\n"""  # {BLANK}\n'


def _inversion(background: int | None) -> str:
    """Return the lines that swap light and dark in a picture unlike the training images, which had `background`."""
    if background is None:
        return ""
    light = background > 127
    wrong = "< 128" if light else "> 127"
    why = _("the network learnt dark on light") if light else _("the network learnt light on dark")
    return f"    if np.median(picture) {wrong}:  # {why}\n        picture = ImageOps.invert(picture)\n"
