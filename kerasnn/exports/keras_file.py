"""Keras' own file, `.keras` or `.h5`. Its metadata are in a place that Keras does not read."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from kerasnn.exports.keras_model import keras_model, refusals
from kerasnn.exports.network import Leaving
from kerasnn.files.seal import BLANK
from kerasnn.networks.classifier import Images, Reals
from kerasnn.networks.files.archive import ABOUT, METADATA
from kerasnn.networks.runtime import keras


def write(network: Leaving, path: Path) -> None:
    """Write `network` to `path`; its ending says which of the two."""
    with refusals(path.suffix):
        keras_model(network).save(path)
    (_tell_hdf5 if path.suffix == ".h5" else _tell_archive)(path, network)


def reader(path: Path, network: Leaving) -> Callable[[Images], Reals]:
    with refusals(path.suffix):
        model = keras.saving.load_model(path, compile=False)
    return lambda images: np.asarray(model(network.inputs(images), training=False))


def _tell_hdf5(path: Path, network: Leaving) -> None:
    import h5py

    with h5py.File(path, "r+") as file:
        file.attrs[ABOUT] = network.sealed_text


def _tell_archive(path: Path, network: Leaving) -> None:
    """Put the metadata into metadata.json: a `.keras` file with other members is refused by kerasnn."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members[METADATA] = json.dumps({**json.loads(members[METADATA]), ABOUT: network.about}, ensure_ascii=False).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(members, key=METADATA.__ne__):  # first, where the command is looked for
            archive.writestr(name, members[name])
        # neither in a checksum, nor at the end, where kerasnn lets nothing be
        archive.getinfo(METADATA).comment = BLANK.encode()
