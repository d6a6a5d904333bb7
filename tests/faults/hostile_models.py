"""Writers of model files that are made to do harm, by class of attack; they do not need Keras.

The classes are those of the CVEs against Keras from 2024 to 2026: code in layers (CVE-2024-3660, -2025-9905), names of
foreign modules and functions (-2025-1550), helpers of Keras itself (-2025-8747, -2025-9906), layers that load other
files (-2025-12058, -2025-49655, -2026-1462), HDF5 that reads other files (-2026-1669) or asks for memory (-2026-0897),
path traversal in archives (-2025-12060); and those of zip and NumPy files in general.
"""

import base64
import io
import json
import marshal
import os
import pickle
import stat
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import h5py
import numpy as np

from kerasnn.runs.reference import model_path

Members = dict[str, bytes]
Writer = Callable[[Path], None]
CONFIG, METADATA, WEIGHTS = "config.json", "metadata.json", "model.weights.h5"
CANARY: Final = "canary"  # what hostile code would leave behind
OUTSIDE: Final = "outside"  # a pipe: whoever opens it to read waits for ever

_CODE = marshal.dumps(compile(f"open('{CANARY}', 'w')", "<layer>", "exec"))
_OPEN_CANARY = {"module": "os", "class_name": "function", "config": "system", "registered_name": "system"}


class Trouble:
    """Leaves the canary behind when it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (open, (CANARY, "w"))


def members() -> Members:
    """The parts of a good model: Flatten, Dense(100, relu), Dropout, Dense(10, softmax)."""
    with zipfile.ZipFile(model_path("dropout")) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(path: Path, parts: Members, **options: Any) -> None:
    with zipfile.ZipFile(path, "w", **options) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


# --- the configuration


def with_config(change: Callable[[dict[str, Any]], None]) -> Writer:
    def write(path: Path) -> None:
        parts = members()
        config = json.loads(parts[CONFIG])
        change(config)
        pack(path, {**parts, CONFIG: json.dumps(config).encode()})

    return write


def with_config_text(content: bytes) -> Writer:
    return lambda path: pack(path, {**members(), CONFIG: content})


def with_config_edit(old: bytes, new: bytes) -> Writer:
    def write(path: Path) -> None:
        parts = members()
        assert old in parts[CONFIG]
        pack(path, {**parts, CONFIG: parts[CONFIG].replace(old, new, 1)})

    return write


def with_layer(layer: Mapping[str, Any]) -> Writer:
    """The layer stands in front of the last one."""
    return with_config(lambda config: config["config"]["layers"].insert(-1, dict(layer)))


def with_option(option: str, value: Any, layer: int = 2) -> Writer:
    """Layer 2 is the hidden Dense."""
    return with_config(lambda config: config["config"]["layers"][layer]["config"].update({option: value}))


def layer(kind: str, /, module: str = "keras.layers", registered: str | None = None, **options: Any) -> dict[str, Any]:
    config = {"name": "evil", "trainable": True, "dtype": "float32", **options}
    return {"module": module, "class_name": kind, "config": config, "registered_name": registered}


def _units(count: Any) -> Writer:
    """A hidden layer of `count` units, and a configuration that agrees with itself."""

    def change(config: dict[str, Any]) -> None:
        layers = config["config"]["layers"]
        layers[2]["config"]["units"] = count
        layers[4]["build_config"]["input_shape"] = [None, count]

    return with_config(change)


def _input_shape(*sizes: int) -> Writer:
    def change(config: dict[str, Any]) -> None:
        layers = config["config"]["layers"]
        layers[0]["config"]["batch_shape"] = [None, *sizes]
        for each in layers[1:]:
            each.pop("build_config", None)

    return with_config(change)


def _of(
    *layers: dict[str, Any], shape: tuple[int, ...] = (28, 28, 1), weights: Mapping[str, Any] | None = None
) -> Writer:
    """`layers` over images of `shape`, and softmax over all values they give; `weights` by their places."""
    image = {"name": "input", "batch_shape": [None, *shape]}
    ending = (layer("Flatten"), layer("Softmax", axis=-1))
    entries = [{"class_name": "InputLayer", "config": image}, *layers, *ending]
    for number, entry in enumerate(entries):
        entry["config"] = {**entry["config"], "name": f"layer_{number}"}
    config = {"class_name": "Sequential", "config": {"name": "evil", "layers": entries}}
    parts = {CONFIG: json.dumps(config).encode(), METADATA: b"{}"}
    return lambda path: pack(path, {**parts, WEIGHTS: hdf5(weights or {})})


def _dense(units: int, shape: tuple[int, ...]) -> Writer:
    """A Dense layer over the rows of large images, whose weights are there."""
    kernel = {"layers/dense/vars/0": np.ones((shape[-1], units), np.float32)}
    return _of(layer("Dense", units=units, activation="linear", use_bias=False), shape=shape, weights=kernel)


def _relu(**options: Any) -> Writer:
    return _of(layer("ReLU", **{"max_value": None, "negative_slope": 0.0, "threshold": 0.0, **options}))


def _normalised(**options: Any) -> Writer:
    places = {f"layers/batch_normalization/vars/{number}": np.ones(1, np.float32) for number in range(4)}
    return _of(layer("BatchNormalization", **options), weights=places)


def _cycle(config: dict[str, Any]) -> None:
    """A Functional whose layers receive from each other."""
    config["class_name"] = "Functional"
    for number, each in enumerate(config["config"]["layers"]):
        each["name"] = each["config"]["name"]
        source = config["config"]["layers"][(number + 1) % 5]["config"]["name"]
        tensor = {"class_name": "__keras_tensor__", "config": {"keras_history": [source, 0, 0]}}
        each["inbound_nodes"] = [{"args": [tensor], "kwargs": {}}] if number else []
    config["config"]["input_layers"] = [config["config"]["layers"][0]["name"], 0, 0]
    config["config"]["output_layers"] = [config["config"]["layers"][-1]["name"], 0, 0]


_LAMBDA_CODE: Final = {
    "class_name": "__lambda__",
    "config": {"code": base64.b64encode(_CODE).decode(), "defaults": None},
}
_GET_FILE: Final = {
    "module": "keras.utils",
    "class_name": "function",
    "config": "get_file",
    "registered_name": "get_file",
}
_UNSAFE: Final = {
    "module": "keras.config",
    "class_name": "function",
    "config": "enable_unsafe_deserialization",
    "registered_name": "enable_unsafe_deserialization",
}

CONFIGURATIONS: Final[Mapping[str, Writer]] = {
    "a Lambda layer": with_layer(layer("Lambda", function=_LAMBDA_CODE, arguments={})),
    "a Lambda layer in the old form": with_layer(
        layer("Lambda", function=[base64.b64encode(_CODE).decode(), None, None], function_type="lambda")
    ),
    "a layer from the module subprocess": with_layer(layer("Popen", "subprocess", args=["touch", CANARY])),
    "a layer from the module os": with_layer(layer("system", "os", command=f"touch {CANARY}")),
    "a Dense that says it is from os": with_config(lambda config: config["config"]["layers"][2].update(module="os")),
    "a Dense registered by someone": with_config(
        lambda config: config["config"]["layers"][2].update(registered_name="evil>Dense")
    ),
    "a model from the module pickle": with_config(lambda config: config.update(module="pickle", class_name="loads")),
    "an activation that is os.system": with_option("activation", _OPEN_CANARY),
    "an activation that is a lambda": with_option("activation", _LAMBDA_CODE),
    "a type policy from importlib": with_option(
        "dtype", {"module": "importlib", "class_name": "import_module", "config": {"name": "float32"}}
    ),
    "keras.utils.get_file": with_option("activation", _GET_FILE),
    "enable_unsafe_deserialization": with_option("activation", _UNSAFE),
    "a TFSMLayer": with_layer(layer("TFSMLayer", filepath=OUTSIDE, call_endpoint="serve")),
    "a TorchModuleWrapper": with_layer(
        layer("TorchModuleWrapper", module_=base64.b64encode(pickle.dumps(Trouble())).decode())
    ),
    "a StringLookup of a file": with_layer(layer("StringLookup", vocabulary=OUTSIDE, num_oov_indices=1)),
    "a Lambda within a TimeDistributed": with_layer(
        layer("TimeDistributed", layer=layer("Lambda", function=_LAMBDA_CODE))
    ),
    "a Sequential within the Sequential": with_layer(layer("Sequential", "keras", layers=[])),
    "a Dense of 600,000 units": _units(600_000),
    "a Dense of 10^18 units": _units(10**18),
    "a Dense of 2^63 units": _units(2**63),
    "a Dense of -1 units": _units(-1),
    "a Dense of 0 units": _units(0),
    "a Dense of 99.5 units": _units(99.5),
    "a Dense of '100' units": _units("100"),
    "a Dense of true units": _units(True),
    "images of 1,000,000 x 1,000,000": _input_shape(1_000_000, 1_000_000),
    "images of 2^32 x 2^32": _input_shape(2**32, 2**32),
    "images of 0 x 28": _input_shape(0, 28),
    "images of -28 x -28": _input_shape(-28, -28),
    "200,000 nested brackets": with_config_text(b"[" * 200_000 + b"]" * 200_000),
    "200,000 nested objects": with_config_text(b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
    "a text of escaped quotes without an end": with_config_text(b'"' + b'\\"' * 500_000),
    "NaN in the configuration": with_config_edit(b'"rate": 0.3', b'"rate": NaN'),
    "1e999 in the configuration": with_config_edit(b'"rate": 0.3', b'"rate": 1e999'),
    "a number of 500,000 digits": with_config_edit(b'"units": 100', b'"units": ' + b"1" * 500_000),
    "the same key twice": with_config_edit(b'"units": 100', b'"units": 100, "units": 600000'),
    "a configuration in UTF-16": with_config_text("{}".encode("utf-16")),
    "a configuration of 2 MB": with_config_text(b" " * 2_000_000 + b"{}"),
    "a configuration that is a list": with_config_text(b"[]"),
    "a configuration that is empty": with_config_text(b""),
    "10,000 layers": with_config(
        lambda config: config["config"]["layers"].__setitem__(
            slice(3, 3), [layer("Dropout", rate=0.1) for _ in range(10_000)]
        )
    ),
    "a name that moves the cursor": with_option("name", "\x1b[2J\x1b[31mhidden"),
    "layers in a circle": with_config(_cycle),
    "a dropout rate of 2": with_option("rate", 2.0, layer=3),
    "an option nobody knows": with_option("lora_rank", 10**9),
    # cheap to store, dear to compute
    "10^9 products for one image": _dense(1000, (1000, 1000)),
    "10^9 values of one image": _dense(1000, (1000, 1000, 1)),
    "3 x 10^8 values in 300 layers": _of(
        *(layer("Activation", activation="gelu") for _ in range(290)), shape=(1000, 1000, 1)
    ),
    # what Keras or NumPy would not build or compute
    "a shape with 0 in it": _of(layer("Reshape", target_shape=[0, -1])),
    "a shape with two unknowns": _of(layer("Reshape", target_shape=[1, -1, -1]), shape=(1, 1, 1)),
    "a shape of other values": _of(layer("Reshape", target_shape=[28, 27])),
    "a ReLU up to -1": _relu(max_value=-1),
    "a ReLU with a slope of -1": _relu(negative_slope=-1),
    "a ReLU from -1 on": _relu(threshold=-1.0),
    "a ReLU up to 1e300": _relu(max_value=1e300),
    "a LeakyReLU with a slope of -1": _of(layer("LeakyReLU", negative_slope=-1)),
    "a Softmax over images": _of(layer("Softmax", axis=0)),
    "normalised over images": _normalised(axis=0),
    "normalised over an axis that is not there": _normalised(axis=9),
    "normalised over two axes": _normalised(axis=[1, 2]),
    "a variance below 0": _normalised(epsilon=-2.0),
    "two million classes": _of(layer("Reshape", target_shape=[-1]), shape=(2000, 1000)),
    "20,000 classes": _of(layer("Reshape", target_shape=[-1]), shape=(200, 100)),
}

# what a reader that believed the file would execute, and one that does not never looks at
HARMLESS: Final[Mapping[str, Writer]] = {
    "an initializer that is exec": with_option(
        "kernel_initializer", {"module": "builtins", "class_name": "exec", "config": {}, "registered_name": None}
    ),
    "a regularizer that is os.system": with_option("kernel_regularizer", _OPEN_CANARY),
    "an optimizer from the module os": with_config(
        lambda config: config.update(compile_config={"optimizer": _OPEN_CANARY, "loss": _OPEN_CANARY})
    ),
    "weights built for another shape": with_config(
        lambda config: config["config"]["layers"][2].update(build_config={"input_shape": [None, 10**9]})
    ),
    "layers that others are made of above": _of(
        *(layer("Reshape", target_shape=[28, -1]), layer("Dense", units=2, activation="relu", use_bias=False)),
        *(layer("ReLU", max_value=None, negative_slope=0.0, threshold=0.0), layer("LeakyReLU", negative_slope=0.1)),
        weights={"layers/dense/vars/0": np.ones((28, 2), np.float32)},
    ),
}


# --- the weights


def hdf5(arrays: Mapping[str, Any]) -> bytes:
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        for place, array in arrays.items():
            file[place] = array
    return content.getvalue()


def with_weights(change: Callable[[h5py.File], None], **options: Any) -> Writer:
    def write(path: Path) -> None:
        parts = members()
        content = io.BytesIO(parts[WEIGHTS])
        with h5py.File(content, "r+", **options) as file:
            change(file)
        pack(path, {**parts, WEIGHTS: content.getvalue()})

    return write


def with_bytes(change: Callable[[bytearray], None]) -> Writer:
    """Weights whose bytes are changed behind the back of HDF5, which sees them as they are."""

    def write(path: Path) -> None:
        content = bytearray(members()[WEIGHTS])
        change(content)
        pack(path, {**members(), WEIGHTS: bytes(content)})

    return write


def _tree(offset: int, form: str, *values: int) -> Callable[[bytearray], None]:
    """Set a field of the tree that lists the members of the first group; -1 stands for the tree's own address.

    Source: HDF5 file format specification, "Version 1 B-trees".
    """

    def change(content: bytearray) -> None:
        place = content.index(b"TREE")
        struct.pack_into(form, content, place + offset, *(place if value == -1 else value for value in values))

    return change


def _own_child(content: bytearray) -> None:
    _tree(5, "<B", 1)(content)  # its level: its children are trees as well
    _tree(32, "<Q", -1)(content)


def _heap_loop(content: bytearray) -> None:
    """The list of free space in a heap of names leads to itself. Source: as above, "Local heaps"."""
    place = content.index(b"HEAP")
    head, data = struct.unpack_from("<QQ", content, place + 16)
    struct.pack_into("<Q", content, data + head, head)


KERNEL: Final = "layers/dense/vars/0"


def instead(make: Callable[[h5py.File, str], None]) -> Writer:
    """Something else in the place of the hidden layer's kernel, float32 of shape (784, 100)."""

    def change(file: h5py.File) -> None:
        del file[KERNEL]
        make(file, KERNEL)

    return with_weights(change)


def _virtual(file: h5py.File, place: str) -> None:
    layout = h5py.VirtualLayout((784, 100), "f4")
    layout[:] = h5py.VirtualSource(OUTSIDE, "data", shape=(784, 100))
    file.create_virtual_dataset(place, layout)


def _cyclic(file: h5py.File) -> None:
    file["layers/dense/again"] = file["layers"]


def _many_groups(file: h5py.File) -> None:
    for number in range(20_000):
        file.create_group(f"layers/g{number}")


def _attributes(file: h5py.File) -> None:
    for number in range(50):
        file["layers"].attrs[f"a{number}"] = np.zeros(8_000, "u1")


def _compound(file: h5py.File, place: str) -> None:
    file[place] = np.zeros((784, 100), [("a", "f4"), ("b", "f4")])


HDF5: Final[Mapping[str, Writer]] = {
    "a link to another file": instead(lambda file, place: file.__setitem__(place, h5py.ExternalLink(OUTSIDE, "/data"))),
    "a soft link": instead(lambda file, place: file.__setitem__(place, h5py.SoftLink("/layers/dense_1/vars/0"))),
    "virtual data of another file": instead(_virtual),
    "data kept in another file": instead(
        lambda file, place: file.create_dataset(place, (784, 100), "f4", external=[(OUTSIDE, 0, 784 * 400)])
    ),
    "data kept in /etc/passwd": instead(
        lambda file, place: file.create_dataset(place, (784, 100), "f4", external=[("/etc/passwd", 0, 784 * 400)])
    ),
    "packed weights": instead(
        lambda file, place: file.create_dataset(place, data=np.zeros((784, 100), "f4"), compression="gzip")
    ),
    "1 GB of weights in chunks never written": instead(
        lambda file, place: file.create_dataset(place, (16384, 16384), "f4", chunks=(128, 128))
    ),
    "4 TB of weights never written": instead(lambda file, place: file.create_dataset(place, (2**20, 2**20), "f4")),
    "weights of another shape": instead(lambda file, place: file.__setitem__(place, np.zeros((2, 2), "f4"))),
    "weights of transposed shape": instead(lambda file, place: file.__setitem__(place, np.zeros((100, 784), "f4"))),
    "weights of 64 bits": instead(lambda file, place: file.__setitem__(place, np.zeros((784, 100), "f8"))),
    "weights of 16 bits": instead(lambda file, place: file.__setitem__(place, np.zeros((784, 100), "f2"))),
    "weights that are whole numbers": instead(lambda file, place: file.__setitem__(place, np.zeros((784, 100), "i4"))),
    "weights that are texts": instead(lambda file, place: file.__setitem__(place, ["a" * 1000] * 100)),
    "weights that are records": instead(_compound),
    "weights that are references": instead(lambda file, place: file.create_dataset(place, (784, 100), h5py.ref_dtype)),
    "weights that are a group": instead(lambda file, place: file.create_group(place)),
    "weights that are a type": instead(lambda file, place: file.__setitem__(place, np.dtype("f4"))),
    "weights that are not numbers": with_weights(lambda file: file[KERNEL].__setitem__((0, 0), np.nan)),
    "weights that are infinite": with_weights(lambda file: file[KERNEL].__setitem__((0, 0), np.inf)),
    "groups in a circle": with_weights(_cyclic),
    "20,000 groups": with_weights(_many_groups),
    "groups 100 deep": with_weights(lambda file: file.create_group("/".join("g" * 100))),
    "50 large attributes": with_weights(_attributes),
    "weights nobody asked for": with_weights(lambda file: file.__setitem__("layers/dense_7/vars/0", np.zeros(9, "f4"))),
    "a heap whose free space leads to itself": with_bytes(_heap_loop),
    "a tree that is its own child": with_bytes(_own_child),
    "a tree that is its own sibling": with_bytes(_tree(16, "<Q", -1)),
    "a tree of 65,535 members": with_bytes(_tree(6, "<H", 65_535)),
    "no weights for a layer": with_weights(lambda file: file.__delitem__("layers/dense_1")),
    "weights that are a pickle": lambda path: pack(path, {**members(), WEIGHTS: pickle.dumps(Trouble())}),
    "weights cut short": lambda path: pack(path, {**members(), WEIGHTS: members()[WEIGHTS][:50_000]}),
    "empty weights": lambda path: pack(path, {**members(), WEIGHTS: b""}),
}


# --- the zip


def _renamed(old: str, new: str) -> Writer:
    return lambda path: pack(path, {new if name == old else name: part for name, part in members().items()})


def _symbolic(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members().items():
            entry = zipfile.ZipInfo(name)
            if name == CONFIG:
                entry.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(entry, b"/etc/passwd" if name == CONFIG else content)


def _twice(path: Path) -> None:
    parts = members()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (*parts.items(), (CONFIG, b"{}")):
            entry = zipfile.ZipInfo(name)
            archive.filelist, before = [], archive.filelist  # zipfile warns of a name it knows
            archive.NameToInfo.pop(name, None)
            archive.writestr(entry, content)
            archive.filelist = before + archive.filelist


def _bomb(path: Path) -> None:
    """A configuration of 1 GiB that takes 5 MB."""
    parts = members()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open(CONFIG, "w", force_zip64=True) as stream:
            block = b" " * (1 << 24)
            for _ in range(64):
                stream.write(block)
        for name in (METADATA, WEIGHTS):
            archive.writestr(zipfile.ZipInfo(name), parts[name])


def _patched(change: Callable[[bytearray], None]) -> Writer:
    """A good file with some of its bytes changed."""

    def write(path: Path) -> None:
        pack(path, members())
        content = bytearray(path.read_bytes())
        change(content)
        path.write_bytes(content)

    return write


def _central(content: bytes | bytearray, number: int) -> int:
    """Where the entry of member `number` begins in the directory at the end."""
    place = content.index(b"PK\x01\x02")
    for _ in range(number):
        place = content.index(b"PK\x01\x02", place + 4)
    return place


def _set(offset: int, form: str, value: int, number: int = 1) -> Callable[[bytearray], None]:
    """Set a field of the directory's entry of a member; number 1 is config.json."""
    return lambda content: struct.pack_into(form, content, _central(content, number) + offset, value)


def _zip64(content: bytearray) -> None:
    """Sizes that say: look in the extra field; and an extra field that says 2^62."""
    place = _central(content, 1)
    extra = struct.pack("<HHQQ", 1, 16, 2**62, 2**62)
    name_length = struct.unpack_from("<H", content, place + 28)[0]
    struct.pack_into("<II", content, place + 20, 0xFFFFFFFF, 0xFFFFFFFF)
    struct.pack_into("<H", content, place + 30, len(extra))
    content[place + 46 + name_length : place + 46 + name_length] = extra
    end = content.rindex(b"PK\x05\x06")
    struct.pack_into("<I", content, end + 12, struct.unpack_from("<I", content, end + 12)[0] + len(extra))


def _long_list(path: Path) -> None:
    """A million parts of no content, which are named in a list of 46 MB."""
    entries = (b"PK\x01\x02" + bytes(42)) * 1_000_000
    path.write_bytes(b"PK\x03\x04" + entries + b"PK\x05\x06" + bytes(8) + struct.pack("<IIH", len(entries), 4, 0))


def _sparse(path: Path) -> None:
    pack(path, members())
    with path.open("r+b") as file:
        file.truncate(8 << 30)


ZIPS: Final[Mapping[str, Writer]] = {
    "a part named ../../config.json": _renamed(CONFIG, "../../config.json"),
    "a part named /etc/passwd": _renamed(CONFIG, "/etc/passwd"),
    "a part named with a drive": _renamed(METADATA, "C:\\metadata.json"),
    "a part that is a link": _symbolic,
    "a part twice": _twice,
    "a folder as a part": _renamed(METADATA, "metadata.json/"),
    "a part too many": lambda path: pack(path, {**members(), "assets/vocabulary.txt": b""}),
    "a million parts": _long_list,
    "a part too few": lambda path: pack(path, {CONFIG: members()[CONFIG]}),
    "packed parts": lambda path: pack(path, members(), compression=zipfile.ZIP_DEFLATED),
    "parts packed by bzip2": lambda path: pack(path, members(), compression=zipfile.ZIP_BZIP2),
    "parts packed by lzma": lambda path: pack(path, members(), compression=zipfile.ZIP_LZMA),
    "a configuration of 1 GiB in 5 MB": _bomb,
    "an encrypted part": _patched(_set(8, "<H", 1)),
    "a part that says it has 4 GB": _patched(_set(24, "<I", 0xFFFFFFF0)),
    "a part that says 2^62 by zip64": _patched(_zip64),
    "a part whose checksum is wrong": _patched(_set(16, "<I", 0xDEADBEEF)),
    "a part that begins elsewhere": _patched(_set(42, "<I", 7)),
    "two parts in one place": _patched(_set(42, "<I", 0)),
    "something in front": _patched(
        lambda content: content.__setitem__(slice(0, 0), b"#!/bin/sh\ntouch canary\nexit\n")
    ),
    "something behind": _patched(lambda content: content.extend(b"\x7fELF" * 99)),
    "a comment": _patched(lambda content: content.__setitem__(slice(-2, None), b"\x04\x00evil")),
    "8 GiB of nothing behind": _sparse,
}


# --- what is no model at all


def _npz(**arrays: Any) -> Writer:
    return lambda path: np.savez(path, **arrays)


def _npy(header: bytes, content: bytes = b"", version: bytes = b"\x01\x00") -> bytes:
    length = struct.pack("<H" if version[0] == 1 else "<I", len(header))
    return b"\x93NUMPY" + version + length + header + content


def _linear(coefficients: bytes, **options: Any) -> Writer:
    intercepts = io.BytesIO()
    np.save(intercepts, np.zeros(10, np.float32))
    parts = {"coefficients.npy": coefficients, "intercepts.npy": intercepts.getvalue()}
    return lambda path: pack(path, parts, **options)


def _header(dtype: str, shape: str) -> bytes:
    return f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}\n".encode()


_WEIGHTS: Final = {"coefficients": np.zeros((10, 784), np.float32), "intercepts": np.zeros(10, np.float32)}

LINEAR: Final[Mapping[str, Writer]] = {
    "coefficients that are a pickle": _npz(**{**_WEIGHTS, "coefficients": np.array([Trouble()], dtype=object)}),
    "coefficients of 2^62 values": _linear(_npy(_header("<f4", "(4611686018427387904,)"))),
    "coefficients of 4 GB in 4 MB": _linear(
        _npy(_header("<f4", "(1024, 1048576)"), bytes(1 << 26)), compression=zipfile.ZIP_DEFLATED
    ),
    "a header of 60,000 brackets": _linear(_npy(b"(" * 60_000 + b"\n")),
    "a header that calls a function": _linear(_npy(b"__import__('os').system('touch canary')\n")),
    "a header of 4 GB": _linear(b"\x93NUMPY\x02\x00\xff\xff\xff\xff{}"),
    "a negative shape": _linear(_npy(_header("<f4", "(-10, -784)"), bytes(31360))),
    "coefficients of 64 bits": _npz(**{**_WEIGHTS, "coefficients": np.zeros((10, 784))}),
    "coefficients that are not numbers": _npz(**{**_WEIGHTS, "coefficients": np.full((10, 784), np.nan, np.float32)}),
    "coefficients that are texts": _npz(**{**_WEIGHTS, "coefficients": np.full((10, 784), "a" * 99)}),
    "intercepts of another length": _npz(**{**_WEIGHTS, "intercepts": np.zeros(9, np.float32)}),
    "30,000 classes": _npz(coefficients=np.zeros((30_000, 1), np.float32), intercepts=np.zeros(30_000, np.float32)),
    "no intercepts": _npz(coefficients=_WEIGHTS["coefficients"]),
}


def _bytes(content: bytes) -> Writer:
    def write(path: Path) -> None:
        path.write_bytes(content)

    return write


def _legacy(**attributes: Any) -> Writer:
    """A whole model as `.h5`, or what says so."""

    def write(path: Path) -> None:
        with h5py.File(path, "w") as file:
            file["model_weights/dense/kernel"] = np.zeros((784, 10), "f4")
            file.attrs.update(attributes)

    return write


_LEGACY: Final = json.dumps(
    {"class_name": "Sequential", "config": {"name": "evil", "layers": [layer("Dense", units=9)]}}
)


FILES: Final[Mapping[str, Writer]] = {
    "a pickle": _bytes(pickle.dumps(Trouble())),
    "an HDF5 file without a network": _legacy(),
    "an HDF5 file whose network is damaged": _legacy(model_config="{"),
    "an HDF5 file whose network has no shape": _legacy(model_config=_LEGACY),
    "an HDF5 file whose network is a number": _legacy(model_config=7.0),
    "an HDF5 file whose network is 40 KB of brackets": _legacy(model_config="[" * 40_000),
    "an HDF5 file whose weights have no names": _legacy(
        model_config=_LEGACY.replace('"units"', '"batch_input_shape": [null, 784], "activation": "softmax", "units"')
    ),
    "an empty file": Path.touch,
    "a web page": _bytes(b"<html>404</html>"),
    "a pipe": os.mkfifo,
    "a folder": Path.mkdir,
    "a link to /dev/zero": lambda path: path.symlink_to("/dev/zero"),
    "a link to nothing": lambda path: path.symlink_to("nothing"),
    "a link to itself": lambda path: path.symlink_to(path.name),
}

HOSTILE: Final[Mapping[str, tuple[str, Writer]]] = {
    **{name: ("evil.keras", write) for name, write in {**CONFIGURATIONS, **HDF5, **ZIPS, **FILES}.items()},
    **{name: ("evil.npz", write) for name, write in LINEAR.items()},
}
