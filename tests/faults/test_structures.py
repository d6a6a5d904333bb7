"""The mutations that know a format: they find what is there, change what they say, and leave good files good."""

import io
import json
import zlib
from functools import cache
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import h5py
import numpy as np
import pytest

from kerasnn.cli.app import main
from kerasnn.runs.reference import model_path
from tests.conftest import save_npz
from tests.faults.cases.npz_headers import layout_of_zip
from tests.faults.cases.structured_pictures import jpegs, pngs
from tests.faults.cases.structures import predict
from tests.faults.hdf5_messages import parse
from tests.faults.keras_files import FORMS, answer_to, arrays_of, in_form, saved_by_keras, weights_of, with_weights
from tests.faults.lookup3 import checksum
from tests.faults.observed import probabilities
from tests.faults.picture_parts import (
    joined_jpeg,
    joined_png,
    layout_of_jpeg,
    layout_of_png,
    pieces_of_jpeg,
    pieces_of_png,
    rearranged,
)
from tests.faults.structures import Layout, mutations

SIGNS = {
    **{"tree": b"TREE", "symbol table node": b"SNOD", "local heap": b"HEAP", "global heap": b"GCOL"},
    **{"object header of version 2": b"OHDR", "continuation of version 2": b"OCHK", "fractal heap": b"FRHP"},
    **{"direct block": b"FHDB", "tree of version 2": b"BTHD", "leaf of version 2": b"BTLF"},
    "free-space manager": b"FSHD",
}


def weights(form: str | None) -> bytes:
    """Those of a reference model, and as many groups and attributes as make the newer forms use their heaps."""
    content = io.BytesIO(weights_of(model_path("softmax").read_bytes()))
    if form is None:
        return content.getvalue()
    with h5py.File(content, "r+") as file:
        for number in range(9):
            file[f"optimizer/vars/{number}"] = np.full(3, number, np.float32)
            file["optimizer"].attrs[f"a{number}"] = np.int8(number)
    return in_form(content.getvalue(), form)


def objects(content: bytes) -> dict[int, Any]:
    """Where h5py finds an object, and the data of an array."""
    found: dict[int, Any] = {}
    with h5py.File(io.BytesIO(content)) as file:
        found[h5py.h5o.get_info(file.id).addr] = None
        file.visititems(lambda name, thing: found.__setitem__(h5py.h5o.get_info(thing.id).addr, _offset(thing)))
    return found


def _offset(thing: Any) -> int | None:
    return thing.id.get_offset() if isinstance(thing, h5py.Dataset) else None


@cache
def examples() -> dict[str, tuple[bytes, Layout]]:
    found = {name: (content, layout_of_jpeg(content)) for name, content in jpegs().items()}
    found |= {name: (content, layout_of_png(content)) for name, content in pngs().items()}
    found |= {f"HDF5, {form}": (weights(form), parse(weights(form))) for form in (None, *FORMS)}
    archive = model_path("sgd").read_bytes()
    return {**found, "npz": (archive, layout_of_zip(archive))}


def test_the_checksum_is_that_of_jenkins() -> None:
    assert checksum(b"") == 0xDEADBEEF  # Source: the driver at the end of lookup3.c
    assert checksum(b"Four score and seven years ago") == 0x17770551


@pytest.mark.parametrize("form", [None, *FORMS])
def test_every_object_that_h5py_finds_is_found(form: str | None) -> None:
    content = weights(form)
    layout, found = parse(content), objects(content)
    headers = {part.start for part in layout.parts if part.kind.startswith("object header")}
    assert headers == set(found)
    pointed = {layout.read(content, place) for place in layout.fields if place.name == "data address"}
    assert {offset for offset in found.values() if offset is not None} <= pointed


@pytest.mark.parametrize("form", [None, *FORMS])
def test_every_structure_with_a_signature_is_found(form: str | None) -> None:
    content = weights(form)
    parts = parse(content).parts
    for kind, sign in SIGNS.items():
        assert sum(part.kind == kind for part in parts) == content.count(sign), kind


@pytest.mark.parametrize("name", examples())
def test_checksums_agree_before_any_change(name: str) -> None:
    content, layout = examples()[name]
    sealed = bytearray(content)
    layout.seal(sealed, range(len(content)))
    assert bytes(sealed) == content


@pytest.mark.parametrize("name", examples())
def test_each_mutation_is_another_file_of_the_same_length(name: str) -> None:
    content, layout = examples()[name]
    made = [mutation.content for mutation in islice(mutations(content, layout, Random(1)), 200)]
    assert len(set(made)) == len(made) == 200
    assert content not in made
    assert {len(each) for each in made} == {len(content)}


def test_the_same_seed_makes_the_same_mutations() -> None:
    content = weights(None)
    first, again, other = (list(islice(mutations(content, parse(content), Random(seed)), 50)) for seed in (1, 1, 2))
    assert first == again != other


def test_a_changed_chunk_has_the_right_checksum() -> None:
    content = pngs()["animated PNG"]
    for mutation in islice(mutations(content, layout_of_png(content), Random(1)), 100):
        if ": length" in mutation.name:
            continue
        for kind, data in pieces_of_png(mutation.content):
            assert (kind + data + zlib.crc32(kind + data).to_bytes(4)) in mutation.content, mutation.name


@pytest.mark.parametrize("name", jpegs())
def test_a_jpeg_is_the_sum_of_its_pieces(name: str) -> None:
    content = jpegs()[name]
    pieces = pieces_of_jpeg(content)
    assert joined_jpeg(pieces) == content
    assert pieces[-1][0] == b"\xff\xd9"
    scans = [number for number, (marker, _) in enumerate(pieces) if marker == b"\xff\xda"]
    assert len(scans) == {"progressive JPEG": 10, "MPO": 2}.get(name, 1)
    assert len({rearranged(name, pieces, joined_jpeg, Random(seed)).content for seed in range(30)}) > 20


@pytest.mark.parametrize("name", pngs())
def test_a_png_is_the_sum_of_its_pieces(name: str) -> None:
    assert joined_png(pieces_of_png(pngs()[name])) == pngs()[name]


@pytest.mark.full
@pytest.mark.parametrize("form", [None, *FORMS])
@pytest.mark.parametrize("ending", [".keras", ".h5"])
def test_h5py_and_kerasnn_answer_alike_before_any_change(
    ending: str, form: str | None, surroundings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = saved_by_keras()[ending]
    inner = weights_of(good) if ending == ".keras" else good
    inner = inner if form is None else in_form(inner, form)
    Path(f"model{ending}").write_bytes(with_weights(good, inner) if ending == ".keras" else inner)
    with np.load(save_npz(Path("stripes.npz"))) as data:
        image = data["x_test"][0]
    assert main(list(predict(f"model{ending}"))) == 0
    given = probabilities(json.loads(capsys.readouterr().out))
    assert answer_to(image, arrays_of(inner)) == pytest.approx(given, abs=1e-5)
