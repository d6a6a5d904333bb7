"""Many trainings in one process: they compile once, come to the same weights as alone, and leave no memory behind."""

import gc
import subprocess
import sys
import weakref
from pathlib import Path

import numpy as np
import pytest

import kerasnn
from kerasnn.data.dataset import Dataset, hold_out, unsplit
from kerasnn.records import Compiling, Event
from kerasnn.training.state import Programs

STEADY = 4  # trainings after which the allocator has what it needs
MOST_MB = 2  # of growth for each training after that; compiling anew each time costs 8 and more


def rss() -> float:
    """Return the resident memory of this process in MB."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096 / 2**20


def saved_weights(model: str | None) -> list[bytes]:
    import keras

    assert model is not None
    return [array.tobytes() for array in keras.saving.load_model(model).get_weights()]


@pytest.mark.full
def test_equal_trainings_share_a_program_and_come_to_equal_weights(npz: Path) -> None:
    events: list[Event] = []
    runs = [
        kerasnn.train("dropout", dataset=npz, hidden=(8,), epochs=2, seed=seed, listener=events.append)
        for seed in (1, 2, 1)
    ]
    assert sum(isinstance(event, Compiling) for event in events) == 1
    first, other, again = (saved_weights(run.model) for run in runs)
    assert first == again != other


def test_images_are_held_once_in_training_and_given_up_at_its_end(tiny: Dataset) -> None:
    from kerasnn.training.fused_program import on_device

    train, _held = hold_out(unsplit(tiny))
    programs = Programs()
    programs.adopt(tiny)
    images, labels = programs.on_device(tiny, lambda dataset: on_device(train))
    assert programs.on_device(tiny, lambda dataset: None)[0] is images
    train.images[0] = 7  # seen in the tensor: it has no memory of its own
    assert (images[0].numpy() == 7).all()
    assert (labels.numpy() == train.labels).all()
    gone = weakref.ref(images)
    del images
    programs.adopt(None)
    assert gone() is None


def test_images_that_cannot_be_shared_are_copied(tiny: Dataset) -> None:
    from kerasnn.training.fused_program import as_tensor

    fixed = tiny.train.images.copy()
    fixed.flags.writeable = False
    for array in (fixed, fixed[:, ::2].copy()[:, :, ::-1]):
        assert (as_tensor(array).numpy() == array).all()


@pytest.mark.full
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="this system does not tell how much memory is used")
def test_twenty_trainings_do_not_grow(npz: Path) -> None:
    script = (
        "import ctypes, kerasnn\nfrom tests.training.test_growth import rss\n"
        "for seed in range(20):\n"
        f"    kerasnn.train('softmax', dataset={str(npz)!r}, epochs=1, seed=seed, listener=lambda event: None)\n"
        "    print(rss())\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    sizes = np.array([float(line) for line in done.stdout.splitlines()[STEADY:]])
    assert np.polyfit(np.arange(len(sizes)), sizes, 1)[0] < MOST_MB
