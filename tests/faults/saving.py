"""`python -m tests.faults.saving FOLDER COUNT SEED`: COUNT times, kill a process that saves models over and over.

Each time a new process (a fork, so that Keras is loaded only once) saves a network, a checkpoint and a text under the
same names again and again, each time with other content, until it is killed.
For each kill it prints a line of JSON: what was lost, or null. A process that ends before it is killed, or never saves,
counts as lost too, because it would show nothing.
"""

import json
import os
import signal
import sys
import time
import traceback
from itertools import count
from pathlib import Path
from random import Random
from typing import Any, NoReturn

import numpy as np

from kerasnn.errors import KerasnnError
from kerasnn.files.atomic import sweep, write_text
from kerasnn.lecture.settings import find_stage, resolve
from kerasnn.networks.architecture import design
from kerasnn.networks.builders import build, compile_model, save_keras
from kerasnn.networks.files.open import open_classifier
from kerasnn.networks.runtime import keras
from kerasnn.records import Epoch
from kerasnn.runs import checkpoint
from kerasnn.training.restore import optimizer_arrays
from kerasnn.training.state import State

ROUNDS = 3  # of saving, until the latest kill
MODELS = 8
FRUITLESS = 20  # kills one after the other before the first save are no chance any more
EPOCH = Epoch(1, 0.5, 0.5, 0.5, 0.5)


def main(folder: Path, kills: int, seed: int) -> None:
    random, models, last, fruitless = Random(seed), make_models(), 0, 0
    save_all(models, folder, last)  # warms up
    began = time.perf_counter()
    save_all(models, folder, last)
    longest = ROUNDS * (time.perf_counter() - began)
    for kill in range(kills):
        moment = random.uniform(0, longest)
        child = os.fork()
        if child == 0:
            _save_for_ever(models, folder, last + 1)
        time.sleep(moment)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        lost, saved = look(folder, last)
        fruitless, last = (0 if saved > last else fruitless + 1), saved
        lost = lost or not_killed(status) or (f"nothing saved by {fruitless}" if fruitless >= FRUITLESS else None)
        save_all(models, folder, last)  # all three alike again
        sys.stdout.write(json.dumps({"kill": kill, "moment": moment, "lost": lost, "saves": last}) + "\n")
        sys.stdout.flush()
    if last == 0:
        raise RuntimeError(f"{kills} processes were killed, and none had saved anything")


def _save_for_ever(models: list[keras.Sequential], folder: Path, first: int) -> NoReturn:
    """In a fork, which ends here whatever happens: nothing of the parent's goes on in it."""
    try:
        for number in count(first):
            save_all(models, folder, number)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


def not_killed(status: int) -> str | None:
    """What the end of the process was, where it was not SIGKILL: it had ended before."""
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return None
    return f"the process that saves ended by itself, with {os.waitstatus_to_exitcode(status)}"


def make_models() -> list[keras.Sequential]:
    """Networks that can be told apart: all weights of the n-th are n. A fork can save them, but compute nothing."""
    models = []
    for value in range(MODELS):
        settings, _ = resolve(find_stage("adam"), {})
        model = build(design(settings, image_shape=(28, 28), classes=10))
        compile_model(model, settings)
        model.optimizer.build(model.trainable_variables)
        model.set_weights([np.full(array.shape, value, np.float32) for array in model.get_weights()])
        models.append(model)
    return models


def save_all(models: list[keras.Sequential], folder: Path, number: int) -> None:
    """The network whose turn it is, then a checkpoint and a text of that number."""
    model = models[number % MODELS]
    save_keras(model, folder / "model.keras")
    arrays = tuple(np.full(array.shape, number, np.float32) for array in model.get_weights())
    checkpoint.write(folder, {}, State((EPOCH,), arrays, (), optimizer_arrays(model), (), 0.0, 0.0))
    write_text(folder / "run.json", json.dumps({"number": number, "filling": "x" * 4000}))


def look(folder: Path, first: int) -> tuple[str | None, int]:
    """What is lost in `folder`, if anything, and the highest number saved; none may be below `first`."""
    try:
        classifier: Any = open_classifier(folder / "model.keras")
        kept = checkpoint.read(folder)
        text = int(json.loads((folder / "run.json").read_text("utf-8"))["number"])
    except (KerasnnError, OSError, ValueError, KeyError) as error:
        return str(error), first
    if kept is None:
        return "the checkpoint is gone", first
    in_model = {int(x) for part in classifier.weights for array in (part.kernel, part.bias) for x in np.unique(array)}
    in_state = {int(x) for array in kept.state.weights for x in np.unique(array)}
    if len(in_model) != 1 or len(in_state) != 1:
        return f"a mixture: {in_model}, {in_state}", first
    (model,), (state,) = in_model, in_state
    # they are saved in this order, so each may be one behind the one before
    if text < first or state not in (text, text + 1) or model not in (state % MODELS, (state + 1) % MODELS):
        return f"model {model}, checkpoint {state}, text {text}, after {first}", first
    for place in (folder, folder / "checkpoint"):
        sweep(place)
    left = [path.name for path in folder.rglob("*") if ".draft" in path.name]
    return (f"leftovers: {left}" if left else None), state


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
