"""The runs of a lab as the command line sees them."""

import os
import subprocess
import sys
from pathlib import Path

from kerasnn.networks.files.open import open_classifier
from kerasnn.networks.forward import Network
from tests.lab.client import PATIENCE, LabProcess


def kerasnn(lab: LabProcess, *words: str) -> str:
    """Run the command line where the lab was started, and return what it printed."""
    environment = {**os.environ, "KERAS_HOME": str(lab.folder / "keras-home"), "KERASNN_LANG": "en"}
    command = [sys.executable, "-m", "kerasnn", *words]
    done = subprocess.run(
        command, cwd=lab.folder, env=environment, check=True, stdout=subprocess.PIPE, timeout=PATIENCE
    )
    return done.stdout.decode()


def assert_same_weights(one: Path, other: Path) -> None:
    """Compare the saved models of two runs, bit by bit."""
    wanted, found = (open_classifier(folder / "model.keras") for folder in (one, other))
    assert isinstance(wanted, Network)
    assert isinstance(found, Network)
    kinds = [[each.tobytes() for layer in network.variables for each in layer] for network in (wanted, found)]
    assert kinds[0] == kinds[1]
