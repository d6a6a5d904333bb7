"""HDF5 whose pointers, counts and sizes were changed by one who knows them; and the answers that it still gives."""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from random import Random
from threading import Lock
from typing import Any

import numpy as np

from tests.conftest import save_npz
from tests.faults import keras_files
from tests.faults.frame import Lost, Plan, Trial, case
from tests.faults.hdf5_messages import parse
from tests.faults.keras_files import FORMS, in_form, saved_by_keras, weights_of, with_weights
from tests.faults.observed import Judge, Target, probabilities, trials
from tests.faults.structures import Mutation, mutations

DATA = "stripes.npz"
IMAGE = "image.npy"
MATTERS = 1e-4  # a difference of two probabilities
ONE_QUESTION = Lock()


def predict(file: str) -> tuple[str, ...]:
    return ("predict", file, "--index", "0", "--dataset", DATA, "--json")


def in_turn(sources: Iterable[Iterator[tuple[Target, Mutation]]], count: int) -> Iterator[tuple[Target, Mutation]]:
    """`count` mutations, one of each source after the other."""
    going = list(sources)
    return islice((found for source in cycle(going) if (found := next(source, None)) is not None), count)


@case(
    "HDF5 structures", goal="refused, or the answers of h5py; 6 s, 600 MB, no signal", full=2_000, quick=12, slow=True
)
def hdf5_structures(plan: Plan) -> Iterator[Trial]:
    truth = subprocess.Popen(
        [sys.executable, "-P", keras_files.__file__], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    random = Random(plan.seed)
    forms = [None, *FORMS]
    sources = [_mutated(ending, form, random, _judge(truth)) for form in forms for ending in (".keras", ".h5")]
    yield from trials(plan, _prepare, in_turn(sources, plan.count))
    truth.communicate()


def _prepare(folder: Path) -> None:
    save_npz(folder / DATA)
    with np.load(folder / DATA) as archive:
        np.save(folder / IMAGE, archive["x_test"][0])


def _mutated(ending: str, form: str | None, random: Random, judge: Judge) -> Iterator[tuple[Target, Mutation]]:
    """Mutations of what Keras saved; `form`: written anew in this form of HDF5."""
    good = saved_by_keras()[ending]
    weights = weights_of(good) if ending == ".keras" else good
    weights = weights if form is None else in_form(weights, form)
    target = Target(f"{ending} {form or 'by Keras'}", f"model{ending}", predict(f"model{ending}"), 5, judge)
    for mutation in mutations(weights, parse(weights), random):
        content = with_weights(good, mutation.content) if ending == ".keras" else mutation.content
        yield target, Mutation(mutation.name, content)


def _judge(truth: "subprocess.Popen[str]") -> Judge:
    return partial(_as_h5py_says, truth)


def _as_h5py_says(truth: "subprocess.Popen[str]", folder: Path, content: bytes, answer: Any) -> None:
    given = probabilities(answer)
    path = folder / "weights.h5"
    path.write_bytes(weights_of(content) if content.startswith(b"PK") else content)
    assert truth.stdin is not None
    assert truth.stdout is not None
    with ONE_QUESTION:  # the answers of two would be mixed up
        truth.stdin.write(json.dumps([str(path), str(folder / IMAGE)]) + "\n")
        truth.stdin.flush()
        expected = json.loads(truth.stdout.readline())
    if expected is not None and (len(expected) != len(given) or not np.allclose(expected, given, atol=MATTERS)):
        raise Lost(f"answers {given}, and by what h5py reads {expected}")
