"""The optimizers of PyTorch scripts move weights as Keras' do: step by step, on the same gradients."""

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kerasnn.lecture.optimizers import CONTENDERS
from kerasnn.lecture.settings import find_stage, resolve
from kerasnn.networks.builders import build_optimizer
from kerasnn.networks.runtime import keras
from kerasnn.runs.find_model import find_model
from kerasnn.scripts.recipe import recipe_of
from kerasnn.scripts.write import write_script

needs_torch = pytest.mark.skipif(find_spec("torch") is None, reason="wants PyTorch, the extra kerasnn[torch]")
MORE = {"rmsprop, momentum": {"optimizer": "rmsprop", "momentum": 0.9}, "adam, 0.1": {"learning_rate": 0.1}}
STEPS = 30
SCALES = np.logspace(-7, 1, 9)  # of the gradients: epsilon counts for the small ones


@needs_torch
@pytest.mark.parametrize("changes", [*CONTENDERS.values(), *MORE.values()], ids=[*CONTENDERS, *MORE])
def test_every_step_is_that_of_keras(changes: dict[str, Any]) -> None:
    import torch

    settings, _changed = resolve(find_stage("adam"), changes)
    recipe = replace(recipe_of(find_model("adam")), settings=settings, data=Path("any.npz"))
    codes = [cell.code for cell in write_script(recipe, "pytorch").cells]
    names: dict[str, Any] = {"torch": torch, "nn": torch.nn, "model": torch.nn.Linear(SCALES.size, 1, bias=False)}
    with torch.no_grad():
        names["model"].weight.zero_()
    for code in codes:
        if "torch.optim" in code or "optimizer = " in code:
            exec(code, names)
    theirs, weight = build_optimizer(settings), keras.Variable(np.zeros((1, SCALES.size), np.float32))
    theirs.build([weight])
    for gradient in np.random.default_rng(0).normal(1, 1, size=(STEPS, 1, SCALES.size)) * SCALES:
        names["model"].weight.grad = torch.tensor(gradient.astype(np.float32))
        names["optimizer"].step()
        theirs.apply([gradient.astype(np.float32)], [weight])
        np.testing.assert_allclose(names["model"].weight.detach().numpy(), weight.numpy(), rtol=2e-5, atol=0)
