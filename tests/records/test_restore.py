"""Records survive JSON; for anything that does not fit, the error says where it is."""

import json
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest

import kerasnn
from kerasnn.data.dataset import Dataset
from kerasnn.records import Run, Scores, plain
from kerasnn.records.serialize import restore


@dataclass(frozen=True)
class Leaf:
    number: float
    count: int | None = None


@dataclass(frozen=True)
class Tree:
    name: Literal["oak", "elm"]
    leaves: tuple[Leaf, ...]
    size: tuple[int, str]
    more: dict[str, Any] = field(default_factory=dict)


TREE = Tree("oak", (Leaf(1.5, 2), Leaf(2.0)), (3, "m"), {"hidden": (5, 4)})


def test_a_record_comes_back_equal() -> None:
    assert restore(Tree, json.loads(json.dumps(plain(TREE)))) == TREE


@pytest.mark.parametrize("stage", ["early-stopping", "sgd"])
def test_a_run_comes_back_equal(surroundings: Any, even: Dataset, stage: str) -> None:
    run = kerasnn.train(stage, dataset=even, epochs=2)
    assert restore(Run, json.loads(json.dumps(plain(run)))) == run


def test_fields_of_another_version_are_left_out_and_missing_ones_take_their_default() -> None:
    assert restore(Leaf, {"number": 1, "colour": "red"}) == Leaf(1.0)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"name": "ash"}, r"Tree\.name has the invalid value 'ash'"),
        ({"leaves": [{}]}, r"Tree\.leaves\[0\] has no number"),
        ({"leaves": [{"number": "1"}]}, r"Tree\.leaves\[0\]\.number has the invalid value '1'"),
        ({"leaves": [{"number": True}]}, "number"),
        ({"leaves": [{"number": 1, "count": 1.5}]}, "count"),
        ({"leaves": None}, "leaves"),
        ({"size": [3]}, "size"),
        ({"more": []}, "more"),
    ],
)
def test_what_does_not_fit_is_named(change: dict[str, Any], place: str) -> None:
    content = plain(TREE)
    assert isinstance(content, dict)
    with pytest.raises(ValueError, match=place):
        restore(Tree, {**content, **change})
    with pytest.raises(ValueError, match="Scores"):
        restore(Scores, [])
