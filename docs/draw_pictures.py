"""The pictures of the docs, anew: `python docs/draw_pictures.py docs/pictures`.

From the reference models and what `explain` works out; those of real images where KERASNN_DATA_DIR names the folder
with Fashion-MNIST. Drawn twice they are the same, byte by byte.
"""

import os
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from kerasnn.cli.app import main
from kerasnn.lessons.reported_run import run_of
from kerasnn.runs.find_model import find_model
from kerasnn.views.figures.curves import save_curves, save_runs

EXPLAINED = {"relu": ["curves", "slopes"], "normalize": ["learning"], "dropout": ["mask"], "optimizers": ["bowl"]}


def draw_models(folder: Path) -> None:
    """What the commands draw of the reference models, without any data."""
    for words in (("draw", "dropout"), ("weights", "softmax"), ("weights", "dropout")):
        main([*words, "--plots", str(folder), "--quiet", "--json"])
    main(["draw", "softmax", "--weights", "--plots", str(folder), "--quiet", "--json"])


def draw_histories(folder: Path) -> None:
    """The curves of the reference models, from the cards beside them."""
    runs = {name: run_of(find_model(name)) for name in ("softmax", "hidden", "relu", "adam", "dropout", "overfit")}
    save_curves(runs["dropout"], folder / "dropout-curves.svg")
    save_runs(
        [(name, run.history) for name, run in runs.items()], folder / "stages.svg", heading="The stages of the lecture"
    )


def draw_ideas(folder: Path) -> None:
    """What a model answers for an image, and some of what `explain` draws."""
    main(["predict", "dropout", str(folder / "shirt.png"), "--plots", str(folder), "--quiet", "--json"])
    for topic, names in EXPLAINED.items():
        with TemporaryDirectory() as drawn:
            main(["explain", topic, "--dataset", "garments", "--plots", drawn, "--quiet", "--json"])
            for name in names:
                shutil.copy(Path(drawn) / f"{topic}-{name}.svg", folder)


def draw_real_images(folder: Path) -> None:
    """What wants Fashion-MNIST itself."""
    main(["evaluate", "dropout", "--plots", str(folder), "--quiet", "--json"])
    main(["data", "show", "--plots", str(folder), "--quiet", "--json"])


if __name__ == "__main__":
    target = Path(sys.argv[1])
    draw_models(target)
    draw_histories(target)
    draw_ideas(target)
    if os.environ.get("KERASNN_DATA_DIR"):
        draw_real_images(target)
