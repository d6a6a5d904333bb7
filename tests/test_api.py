"""`import kerasnn`: it has the promised names, and they return what the command line shows."""

import ast
import inspect
import re
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kerasnn
from kerasnn.cli.registry import NAMES, load
from kerasnn.data.dataset import Dataset
from kerasnn.lecture.hyperparameters import SETTABLE
from tests.python_page import page

FUNCTIONS = {  # of commands whose function has another name
    "data get": "fetch_data",
    "data convert": "convert_data",
    "data verify": "verify_data",
    "data show": "data_overview",
    "doctor": "check_up",
    "runs export": "export_run",
    "runs import": "import_run",
    "runs list": "list_runs",
    "runs show": "open_run",
    "runs compare": "compare_runs",
    "runs remove": "remove_runs",
}


def test_the_namespace_is_what_the_stub_lists() -> None:
    stub = ast.parse(Path(kerasnn.__file__).with_suffix(".pyi").read_text(encoding="utf-8"))
    listed = [(node.module, each.name) for node in stub.body if isinstance(node, ast.ImportFrom) for each in node.names]
    assert sorted(name for _module, name in listed) == kerasnn.__all__ == dir(kerasnn)
    for module, name in listed:
        assert getattr(kerasnn, name) is getattr(import_module(f"kerasnn.{module}"), name)
        assert getattr(kerasnn, name).__module__ == f"kerasnn.{module}"
    with pytest.raises(AttributeError, match="nothing"):
        getattr(kerasnn, "nothing")  # noqa: B009


def test_the_page_of_functions_is_up_to_date() -> None:
    """If this fails: make help-pages."""
    text = (Path(__file__).parent.parent / "docs" / "reference" / "python.md").read_text(encoding="utf-8")
    assert text == page()
    described = re.findall("^## (.+)$", text, flags=re.MULTILINE)
    assert set(kerasnn.__all__) - set(described) == {"KerasnnError", "Overrides"}


def test_every_command_has_its_function() -> None:
    groups = {name: getattr(load(name), "commands", None) for name in NAMES}
    commands = [f"{name} {inner}" if inner else name for name, inners in groups.items() for inner in inners or [""]]
    assert set(FUNCTIONS) <= set(commands)
    functions = {FUNCTIONS.get(command, command.replace("-", "_")) for command in commands}
    assert functions - set(kerasnn.__all__) == {"lab"}  # a server until Ctrl-C, and no value to return


@pytest.mark.parametrize("name", ["train", "resume", "summary", "build", "draw", "race", "tune"])
def test_hyperparameters_are_named_in_the_signature(name: str) -> None:
    assert list(inspect.signature(getattr(kerasnn, name)).parameters)[-len(SETTABLE) :] == list(SETTABLE)


@pytest.mark.parametrize("function", [kerasnn.train, kerasnn.summary, kerasnn.build, kerasnn.draw, kerasnn.tune])
def test_an_unknown_hyperparameter_is_refused(function: Any) -> None:
    with pytest.raises(kerasnn.KerasnnError, match="there is no setting 'epoch_count'"):
        function("relu", epoch_count=3)


def test_stages_tell_parameters_and_published_ranges() -> None:
    rows = {row.stage: row for row in kerasnn.stages()}
    assert len(rows) == 8
    assert rows["dropout"].model == "28x28 > Flatten > Dense(100, relu) > Dropout(0.3) > Dense(10, softmax)"
    assert (rows["softmax"].parameters, rows["adam"].parameters) == (7_850, 79_510)


def test_build_gives_the_stages_network_ready_to_fit() -> None:
    first, second = (kerasnn.build("dropout", seed=3) for _ in range(2))
    assert first.count_params() == 79_510
    assert first.loss == "sparse_categorical_crossentropy"
    assert all((a == b).all() for a, b in zip(first.get_weights(), second.get_weights(), strict=True))
    with pytest.raises(kerasnn.KerasnnError, match="no Keras network"):
        kerasnn.build("sgd")


def test_train_evaluate_predict(surroundings: Path, npz: Path) -> None:
    run = kerasnn.train("adam", dataset=npz, hidden=[8], epochs=15, learning_rate=0.01)
    found = kerasnn.evaluate(run.run)
    assert found.test == run.test  # the data set the model learnt from is found again by its path
    assert found.dataset == run.dataset
    predictions = kerasnn.predict("latest", indices=[0, 1, 2])
    assert [prediction.truth for prediction in predictions] == ["stripe 0", "stripe 1", "stripe 2"]
    assert all(np.isclose(sum(prediction.probabilities), 1, atol=1e-5) for prediction in predictions)
    assert all(prediction.probability == max(prediction.probabilities) for prediction in predictions)


@pytest.mark.full
def test_compare_sklearn_means_over_seeds(even: Dataset) -> None:
    events: list[Any] = []
    found = kerasnn.compare_sklearn(dataset=even, seeds=(1, 2), epochs=2, folds=3, listener=events.append)
    assert [row.model for row in found.rows] == ["SGDClassifier", "SGDClassifier, 3-fold", "Dense(3, softmax)"]
    assert [row.parameters for row in found.rows] == [111, 111, 111]
    assert [row.seeds for row in found.rows] == [(1, 2), (), (1, 2)]
    assert all(row.spread is not None and row.seconds > 0 for row in found.rows)
    assert len(found.notes) <= 1  # the warning of non-convergence is told once


def test_what_is_called_stays_a_function() -> None:
    """A submodule with the name of a function would take its place when it is imported."""
    assert kerasnn.explain("parameters", dataset="garments").holds
    assert callable(kerasnn.explain)
    assert not any(find_spec(f"kerasnn.{name}") for name in kerasnn.__all__)


def test_import_loads_no_other_library() -> None:
    program = "import sys, kerasnn; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {"numpy", "keras", "tensorflow", "rich", "typer", "sklearn", "matplotlib"} & set(loaded)
