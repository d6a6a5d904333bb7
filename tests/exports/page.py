"""What the exported page sees in pictures and answers, asked in a browser.

`python -m tests.exports.page [--count N] [--seed N]` compares it with `predict` on photographs of Fashion-MNIST,
saved as PNG and, unless they are cut-outs, as JPEG.
"""

import argparse
import base64
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from PIL import Image
from rich.console import Console

import kerasnn
from benchmarks.photographs import photographs
from kerasnn.views.table import right, table
from tests.browser import launched

SEEN: Final = """async ([bytes, change]) => {
  const about = { ...JSON.parse(document.getElementById("about").textContent), ...change };
  const blob = new Blob([Uint8Array.from(atob(bytes), (each) => each.charCodeAt(0))]);
  const image = await createImageBitmap(blob, { premultiplyAlpha: "none", colorSpaceConversion: "none" });
  const { pixels, notes } = module_prepare.prepared(image, about);
  return { pixels, codes: notes.map((each) => each.code) };
}"""
INSIDE: Final = """([pixels, label]) => {
  const about = JSON.parse(document.getElementById("about").textContent);
  const network = module_forward.opened(about.network, JSON.parse(document.getElementById("weights").textContent));
  const hidden = network.dense.at(-2);
  const effects = module_forward.effects(network, pixels, label);
  return { probabilities: module_forward.probabilities(network, pixels), effects: effects && [...effects],
           units: hidden ? [...module_forward.responses(network, pixels, hidden).outputs] : [] };
}"""


def seen(page: Any, content: bytes, **change: Any) -> Any:
    """Return the pixels that the page makes of a picture file, and the codes of its notes."""
    return page.evaluate(SEEN, [base64.b64encode(content).decode("ascii"), change])


def inside(page: Any, image: Any, label: int) -> Any:
    """Return what the page says of `image`: probabilities, effects of pixels on `label`, outputs of hidden units."""
    return page.evaluate(INSIDE, [np.ravel(image).tolist(), label])


def main() -> None:
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(prog="python -m tests.exports.page", description=__doc__)
    parser.add_argument("--count", type=int, default=380)
    parser.add_argument("--seed", type=int, default=7)
    chosen = parser.parse_args()
    test = kerasnn.load_data("fashion-mnist").test
    pictures = [each for _kind, _index, each in photographs(test, chosen.count, chosen.seed)]
    opaque = [each for each in pictures if each.mode == "RGB"]
    grid = table(
        None, "saved as", *right("pictures", "other answer", "other notes", "other pixels", "by", "probabilities apart")
    )
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        os.chdir(folder)
        page = launched(playwright).new_page()
        page.goto(Path(kerasnn.export("dropout", to="page").path).absolute().as_uri())
        for form, saved in (("png", pictures), ("jpg", opaque)):
            grid.add_row(form, *map(str, compare(page, saved, form)))
    Console(file=sys.stdout).print(grid)


def compare(page: Any, pictures: Sequence[Image.Image], form: str) -> tuple[int, int, int, int, int, str]:
    """Count the pictures, and those whose answer, notes and pixels are others; return the largest differences, too."""
    paths = [Path(f"{number}.{form}") for number in range(len(pictures))]
    for picture, path in zip(pictures, paths, strict=True):
        picture.save(path, quality=85)  # PNG ignores it
    answers = notes = pixels = farthest = 0
    apart = 0.0
    for path, predicted in zip(paths, kerasnn.predict("dropout", paths), strict=True):
        found = seen(page, path.read_bytes())
        probabilities = inside(page, found["pixels"], 0)["probabilities"]
        differences = np.abs(np.subtract(found["pixels"], np.ravel(predicted.pixels).astype(int)))
        answers += int(np.argmax(probabilities)) != predicted.label
        notes += found["codes"] != [str(note.code) for note in predicted.notes]
        pixels += bool(differences.any())
        farthest = max(farthest, int(differences.max()))
        apart = max(apart, float(np.abs(np.subtract(probabilities, predicted.probabilities)).max()))
    return len(paths), answers, notes, pixels, farthest, f"{apart:.0e}"


if __name__ == "__main__":
    main()
