"""The lecture as data, compared with what its slides say."""

import pytest

from kerasnn.lecture import classes
from kerasnn.lecture.stages import STAGE_BY_NAME, STAGES, published_range


def test_stages_stand_in_the_lectures_order() -> None:
    names = [stage.name for stage in STAGES]
    assert names == ["sgd", "softmax", "hidden", "relu", "adam", "dropout", "early-stopping", "overfit"]


@pytest.mark.parametrize(
    ("name", "hidden", "activation", "dropout", "optimizer", "epochs", "patience"),
    [
        ("softmax", (), "relu", 0.0, "rmsprop", 5, None),
        ("hidden", (100,), "sigmoid", 0.0, "rmsprop", 5, None),
        ("relu", (100,), "relu", 0.0, "rmsprop", 5, None),
        ("adam", (100,), "relu", 0.0, "adam", 5, None),
        ("dropout", (100,), "relu", 0.3, "adam", 20, None),
        ("early-stopping", (100,), "relu", 0.3, "adam", 20, 2),
        ("overfit", (100,), "relu", 0.0, "adam", 20, None),
    ],
)
def test_stage_settings_are_the_slides(
    name: str,
    hidden: tuple[int, ...],
    activation: str,
    dropout: float,
    optimizer: str,
    epochs: int,
    patience: int | None,
) -> None:
    settings = STAGE_BY_NAME[name].settings
    assert (settings.hidden, settings.activation, settings.dropout) == (hidden, activation, dropout)
    assert (settings.optimizer, settings.epochs, settings.patience) == (optimizer, epochs, patience)
    assert (settings.batch_size, settings.seed, settings.learning_rate) == (32, 42, 0.001)


@pytest.mark.parametrize(
    ("stage", "low", "high"),
    [
        ("sgd", 0.8194, 0.8196),
        ("softmax", 0.8458, 0.8516),
        ("relu", 0.8631, 0.8821),
        ("adam", 0.8694, 0.8808),
        ("dropout", 0.8841, 0.8888),
        ("early-stopping", 0.8768, 0.8859),
    ],
)
def test_published_ranges_span_all_environments(stage: str, low: float, high: float) -> None:
    published = published_range(stage)
    assert published is not None
    assert (published.low, published.high) == (low, high)


def test_what_the_notebooks_do_not_print_has_no_range() -> None:
    assert published_range("hidden") is None
    assert published_range("overfit") is None


def test_both_languages_name_ten_classes() -> None:
    assert len(classes.ENGLISH) == len(classes.KOREAN) == 10
    assert (classes.ENGLISH[9], classes.KOREAN[9]) == ("Ankle boot", "앵클 부츠")
