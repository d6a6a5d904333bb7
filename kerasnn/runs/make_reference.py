"""Make the reference models: `python -m kerasnn.runs.make_reference FOLDER`, as called by `make models`.

It trains each stage with the lecture's settings on the real Fashion-MNIST, with seed 42 and the engine `keras`.
"""

import json
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from kerasnn.files.atomic import replacing, write_text
from kerasnn.lecture.stages import STAGES, Stage
from kerasnn.records import plain_object
from kerasnn.records.data import FASHION_MNIST
from kerasnn.runs.execute import train
from kerasnn.runs.reference import file_name
from kerasnn.runs.seal import file_digest

CARD_KEYS: Final = (
    *("stage", "seed", "engine", "command", "settings", "parameters", "dataset", "history"),
    *("best_epoch", "kept_epoch", "training", "validation", "test", "environment"),
)


def make(stage: Stage, folder: Path) -> dict[str, Any]:
    """Train `stage`, save its model (without the optimizer's state) and its card in `folder`, and return the card.

    Raises: DataError if the real Fashion-MNIST is not available.
    """
    with TemporaryDirectory() as scratch:
        engine = "keras" if stage.library == "keras" else None
        run = train(stage.name, dataset=FASHION_MNIST, engine=engine, out=Path(scratch))
        model = folder / file_name(stage)
        _copy_without_optimizer(Path(scratch) / run.run / f"model{model.suffix}", model)
    record: dict[str, Any] = plain_object(run)
    card = {key: record[key] for key in CARD_KEYS}
    card["dataset"].pop("location")  # a folder on the machine that made the model
    card |= {"file": model.name, "sha256": file_digest(model), "made": run.ended}
    write_text(model.with_suffix(".json"), json.dumps(card, ensure_ascii=False, indent=2) + "\n")
    return card


def _copy_without_optimizer(trained: Path, model: Path) -> None:
    from kerasnn.networks.runtime import keras

    with replacing(model) as draft:
        if trained.suffix == ".npz":
            shutil.copyfile(trained, draft)
        else:
            keras.models.load_model(trained, compile=False).save(draft)


def main(folder: Path) -> None:
    """Make all reference models, and print a line for each."""
    for stage in STAGES:
        card = make(stage, folder)
        scores = "  ".join(f"{part} {card[part]['accuracy']:.4f}" for part in ("training", "validation", "test"))
        sys.stdout.write(f"{stage.name:16}{scores}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
