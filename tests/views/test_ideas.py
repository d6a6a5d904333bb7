"""The lecture's ideas in the terminal."""

import numpy as np
import pytest

from kerasnn.networks.activations import activation_curves
from kerasnn.training.bowl import optimizer_paths
from kerasnn.views.ideas import Masks, activation_chart, loss_chart, optimizers_table, way_chart
from tests.views.test_views import rendered


@pytest.mark.parametrize("width", [60, 80, 120])
def test_each_fits_and_names_its_lines(width: int) -> None:
    paths = optimizer_paths()
    for view, words in (
        (activation_chart(activation_curves(["relu"])[0]), ["relu", "f(z)", "slope"]),
        (loss_chart(paths), [path.name for path in paths]),
        (way_chart(paths[0]), ["SGD", "way", "lowest"]),
    ):
        text = rendered(view, width)
        assert max(map(len, text.splitlines())) <= width
        assert all(word in text for word in words)


def test_the_table_of_optimizers() -> None:
    text = rendered(optimizers_table(optimizer_paths()), 100)
    assert "rate 0.02, momentum 0.9" in text
    assert text.count("0.9") >= 3


def test_masks_cross_out_what_is_dropped() -> None:
    outputs = np.linspace(0, 1, 12).reshape(3, 4)
    kept = np.array([[[True, False, True, True]] * 3, [[False] * 4] * 3])
    text = rendered(Masks(outputs.tolist(), kept.tolist()), 80)
    assert text.count("x") == 3 + 12
    assert "@" in text
    assert "step 2" in text
    assert max(map(len, rendered(Masks(outputs.tolist(), kept.tolist()), 14).splitlines())) <= 14
