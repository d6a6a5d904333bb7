"""Archives of arrays whose headers, versions and sizes say something else than what follows them."""

import io
import json
import struct
import zipfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from random import Random
from typing import Any, Final

import numpy as np

from tests.faults.cases.structures import MATTERS, in_turn
from tests.faults.frame import Lost, Plan, Trial, case
from tests.faults.fuzzing import lay_out
from tests.faults.observed import Target, probabilities, trials
from tests.faults.structures import Field, Layout, Mutation, Part, mutations

LINEAR: Final = "linear.npz"
DATA: Final = "stripes.npz"
TYPES: Final = (
    *(
        "<f4",
        ">f4",
        "<f2",
        "<f8",
        "<f16",
        "<c8",
        "<i4",
        "|u1",
        "|i1",
        "|b1",
        "|O",
        "<U1",
        "|S4",
        "|V4",
        "<M8[s]",
        "<m8",
    ),
    *("f4", "=f4", "|f4", "<f0", "<f99", "O", "", "i8,i8", "<f4\\x00", "float32", "<q8"),
)
SHAPES: Final = (
    *(
        "()",
        "(0,)",
        "(-1,)",
        "(108,)",
        "(3, 36)",
        "(36, 3)",
        "(3, 36, 1)",
        "(1, 3, 36)",
        "(3, 0)",
        "(0, 36)",
        "(3,36,)",
    ),
    *(
        "(3, -36)",
        "(4611686018427387904, 4)",
        "(18446744073709551616,)",
        "(2, 36)",
        "(4, 36)",
        "(3.0, 36)",
        "(True, 108)",
    ),
    *("(1000000, 1000000)", "[3, 36]", "3", "(" + "1, " * 40 + ")", "(003, 36)", "(3_0, 36)", "(3L, 36L)"),
)
ORDERS: Final = ("False", "True", "0", "1", "None", "'False'")
FIELDS: Final = (TYPES, SHAPES, ORDERS)
VERSIONS: Final = (b"\x01\0", b"\x02\0", b"\x03\0", b"\x04\0", b"\0\0", b"\x01\x01", b"\xff\xff")


@case("npz headers", goal="refused, or the answers of NumPy; 6 s, 600 MB, no signal", full=400, quick=12, slow=True)
def npz_headers(plan: Plan) -> Iterator[Trial]:
    random = Random(plan.seed)
    folder = plan.folder / "good"
    folder.mkdir()
    lay_out(folder)
    linear = Target(LINEAR, LINEAR, ("predict", LINEAR, "--index", "0", "--dataset", DATA, "--json"), 5, _judge_linear)
    data = Target(DATA, DATA, ("data", "show", "--dataset", DATA, "--json"), 3, _judge_data)
    sources = []
    for target, members in ((linear, ("coefficients.npy", "intercepts.npy")), (data, ("x_train.npy", "y_test.npy"))):
        content = (folder / target.file).read_bytes()
        sources += [_with_headers(target, content, member, random) for member in members]
        sources.append((target, mutation) for mutation in mutations(content, layout_of_zip(content), random))
    yield from trials(plan, lay_out, in_turn(sources, plan.count))


def _with_headers(target: Target, content: bytes, member: str, random: Random) -> Iterator[tuple[Target, Mutation]]:
    """Other types, shapes, orders and versions, by themselves first, then all at random."""
    array = np.load(io.BytesIO(content))[member.removesuffix(".npy")]
    good = (array.dtype.str, str(array.shape), "False")
    headers = [(*good[:at], value, *good[at + 1 :]) for at, values in enumerate(FIELDS) for value in values]
    alone = [(header, VERSIONS[0]) for header in headers] + [(good, version) for version in VERSIONS]
    together = list(product(product(*FIELDS), VERSIONS))
    random.shuffle(alone)
    random.shuffle(together)
    for (dtype, shape, order), version in (*alone, *together):
        header = f"{{'descr': '{dtype}', 'fortran_order': {order}, 'shape': {shape}, }}\n".encode()
        length = struct.pack("<H" if version[0] < 2 else "<I", len(header))
        npy = b"\x93NUMPY" + version + length + header + array.tobytes()
        name = f"{member}: {dtype!r}, order {order}, {shape}, version {version!r}"
        if (dtype, shape, order) != good or version != VERSIONS[0]:
            yield target, Mutation(name, _with_member(content, member, npy))


def _with_member(content: bytes, member: str, changed: bytes) -> bytes:
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as opened, zipfile.ZipFile(result, "w") as written:
        for name in opened.namelist():
            written.writestr(name, changed if name == member else opened.read(name))
    return result.getvalue()


LOCAL: Final = (
    ("flags", 6, 2),
    ("method", 8, 2),
    ("checksum", 14, 4),
    ("packed size", 18, 4),
    ("size", 22, 4),
    ("name length", 26, 2),
    ("extra length", 28, 2),
)
CENTRAL: Final = (
    ("flags", 8, 2),
    ("method", 10, 2),
    ("checksum", 16, 4),
    ("packed size", 20, 4),
    ("size", 24, 4),
    ("name length", 28, 2),
    ("extra length", 30, 2),
    ("comment length", 32, 2),
    ("offset", 42, 4),
)
END: Final = (
    ("entries here", 8, 2),
    ("entries", 10, 2),
    ("directory size", 12, 4),
    ("directory", 16, 4),
    ("comment length", 20, 2),
)


def layout_of_zip(content: bytes) -> Layout:
    """The headers of a zip: before each member, in the directory, and at its end."""
    layout = Layout("little")
    for kind, sign, rows in (
        ("local header", b"PK\3\4", LOCAL),
        ("entry", b"PK\1\2", CENTRAL),
        ("end", b"PK\5\6", END),
    ):
        place = content.find(sign)
        while place >= 0:
            part = Part(kind, place, place + 46)
            layout.parts.append(part)
            layout.fields += [Field(part, name, place + at, size, "count") for name, at, size in rows]
            place = content.find(sign, place + 4)
    return layout


def _arrays(content: bytes) -> "dict[str, Any] | None":
    """What NumPy reads; None where it refuses. Its own errors for a damaged archive are many."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            return dict(archive)
    except Exception:
        return None


def _judge_linear(folder: Path, content: bytes, answer: Any) -> None:
    given, arrays = probabilities(answer), _arrays(content)
    if arrays is None:
        return
    with np.load(folder / DATA) as data:
        image = data["x_test"][0].reshape(-1) / 255
    each = 1 / (1 + np.exp(-(arrays["coefficients"].astype(np.float64) @ image + arrays["intercepts"])))
    if not np.allclose(each / each.sum(), given, atol=MATTERS):
        raise Lost(f"answers {given}, and by what NumPy reads {list(each / each.sum())}")


def _judge_data(folder: Path, content: bytes, answer: Any) -> None:
    arrays = _arrays(content)
    if arrays is None:
        return
    counts = answer["class_counts"]
    expected = np.bincount(arrays["y_test"].reshape(-1).astype(int), minlength=len(counts))
    if [row[-1] for row in counts] != [int(each) for each in expected] or answer["raw"]["maximum"] != arrays[
        "x_train"
    ].max():
        raise Lost(f"tells {json.dumps(answer)[:300]}, and NumPy reads {expected}, {arrays['x_train'].max()}")
