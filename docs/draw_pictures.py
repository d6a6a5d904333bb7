"""The pictures of the docs, anew: `python docs/draw_pictures.py docs/pictures`.

From the reference models and the lecture's formulas; those of real images where KERASNN_DATA_DIR names the folder
with Fashion-MNIST. Drawn twice they are the same, byte by byte.
"""

import os
import sys
from pathlib import Path

import numpy as np

from kerasnn import api
from kerasnn.cli.app import main
from kerasnn.lecture.stages import STAGES
from kerasnn.networks.activations import activation_curves
from kerasnn.networks.classifier import unrolled
from kerasnn.networks.files.open import open_classifier
from kerasnn.networks.forward import Network
from kerasnn.records import Epoch
from kerasnn.runs.reference import card_of, model_path
from kerasnn.training.reading import read_curves
from kerasnn.training.rules import Bowl, optimizer_paths
from kerasnn.views.figures.activations import save_activations
from kerasnn.views.figures.curves import save_history
from kerasnn.views.figures.dropout import save_dropout
from kerasnn.views.figures.excitement import save_excitement
from kerasnn.views.figures.normalising import save_normalising
from kerasnn.views.figures.optimizers import save_effective_rates, save_optimizer_paths
from kerasnn.views.figures.runs import save_runs

UNIT = 73  # of the reference model of `dropout`: it looks for short sleeves


def draw_models(folder: Path) -> None:
    """What the commands draw of the reference models, without any data."""
    for words in (
        ("draw", "dropout"),
        ("weights", "softmax"),
        ("weights", "dropout"),
    ):
        main([*words, "--plots", str(folder), "--quiet", "--json"])
    main(["draw", "softmax", "--weights", "--plots", str(folder), "--quiet", "--json"])


def draw_histories(folder: Path) -> None:
    """The curves of the reference models, from the cards beside them."""
    cards = {stage.name: card_of(model_path(stage.name)) for stage in STAGES}
    histories = {name: tuple(Epoch(**epoch) for epoch in card["history"]) for name, card in cards.items()}
    card, history = cards["dropout"], histories["dropout"]
    heading = f"dropout: {card['parameters']:,} parameters on {card['dataset']['name']}, seed {card['seed']}"
    path = folder / "dropout-curves.svg"
    save_history(history, path, heading=heading, best_epoch=card["best_epoch"], reading=read_curves(history))
    shown = ("softmax", "hidden", "relu", "adam", "dropout", "overfit")
    save_runs([(name, histories[name]) for name in shown], folder / "stages.svg", heading="The stages of the lecture")


def draw_ideas(folder: Path) -> None:
    """Activation functions and optimizers, from their formulas."""
    bowl, paths = Bowl(), optimizer_paths()
    save_activations(activation_curves(), folder / "activations.svg")
    save_optimizer_paths(paths, (bowl.across, bowl.down), folder / "optimizers.svg")
    save_effective_rates(paths, folder / "effective-rates.svg")


def draw_image(folder: Path) -> None:
    """One image through the reference model of `dropout`: its probabilities, its hidden outputs under masks."""
    (prediction,) = api.predict("dropout", [folder / "shirt.png"])
    main(["predict", "dropout", str(folder / "shirt.png"), "--plots", str(folder), "--quiet", "--json"])
    network = open_classifier(model_path("dropout"))
    assert isinstance(network, Network)
    pixels = np.array(prediction.pixels, np.uint8)[None]
    first = network.weights[0]
    outputs = np.maximum(unrolled(pixels) @ first.kernel + first.bias, 0).reshape(10, 10)
    kept = np.random.default_rng(42).random((4, 10, 10)) >= 0.3
    save_dropout(outputs, kept, 0.3, folder / "dropout-masks.svg", what="hidden outputs")


def draw_real_images(folder: Path) -> None:
    """What wants Fashion-MNIST itself."""
    dataset = api.load_data("fashion-mnist")
    main(["evaluate", "dropout", "--plots", str(folder), "--quiet", "--json"])
    main(["data", "show", "--plots", str(folder), "--quiet", "--json"])
    overview = api.data_overview(dataset)
    counts = np.bincount(dataset.train.images.reshape(-1), minlength=256).tolist()
    image = dataset.train.images[0]
    save_normalising(image, counts, overview.raw, overview.normalised, folder / "normalising.png")
    network = open_classifier(model_path("dropout"))
    assert isinstance(network, Network)
    kernel, bias = network.weights[0].kernel[:, UNIT], network.weights[0].bias[UNIT]
    outputs = np.maximum(unrolled(dataset.test.images) @ kernel + bias, 0)
    most = np.argsort(-outputs, kind="stable")[:10]
    names = [dataset.info.classes[label] for label in dataset.test.labels[most]]
    path = folder / "excitement.png"
    heading = f"dropout, hidden unit {UNIT}"
    save_excitement(kernel.reshape(28, 28), dataset.test.images[most], names, outputs[most], path, heading=heading)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    draw_models(target)
    draw_histories(target)
    draw_ideas(target)
    draw_image(target)
    if os.environ.get("KERASNN_DATA_DIR"):
        draw_real_images(target)
