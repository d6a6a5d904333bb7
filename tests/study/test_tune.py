"""A search: what is trained, how trials are ranked, which one is chosen and by what, and what is refused."""

import math
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from scipy import stats

import kerasnn
from kerasnn.data.dataset import Dataset
from kerasnn.errors import UsageError
from kerasnn.records import Epoch, Job, Outcome, Scores, Seconds, Tuning
from kerasnn.records.data import FASHION_MNIST_SHA256
from kerasnn.study import results as store
from kerasnn.study.tune import plan_search
from kerasnn.views.tuning import sentences, tuning_view
from tests.conftest import printed_json
from tests.views.test_views import rendered

CHOICES = {"learning_rate": (0.0003, 0.001, 0.003), "hidden": ((50,), (100,), (100, 50))}


def made_up(job: Job) -> Outcome:
    """A validation loss that is lowest at rate 0.003 and rises a little with the seed; the test images disagree."""
    rate = job.overrides.get("learning_rate", 0.001)
    units = sum(job.overrides.get("hidden", (100,)))
    loss = 0.5 - 40 * rate + units / 10_000 + (job.seed - 42) * units / 100_000
    test = Scores(1 - loss, loss)
    scores = Scores(math.nan if units == 666 else loss, 1 - loss)
    epoch = Epoch(1, 0.5, 0.8, loss, 1 - loss)
    times = Seconds(2.0, 0.0, 0.5, 1.0)
    return Outcome(job, units, (epoch,), 1, 1, 1, scores, scores, test, times, "0" * 64, diverged=units == 666)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """The jobs that come to the pool, which here makes outcomes up."""
    seen: list[Job] = []

    def pool(jobs: list[Job], dataset: Dataset, **options: Any) -> Any:
        seen.extend(jobs)
        yield from map(made_up, jobs)

    monkeypatch.setattr(store, "train_all", pool)
    return seen


def text_of(found: Tuning) -> str:
    return " ".join(sentences(found))


def test_all_combinations_are_ranked_by_the_mean_validation_loss(even: Dataset, asked: list[Job]) -> None:
    found = kerasnn.tune("adam", CHOICES, seeds=2, dataset=even, epochs=3)
    assert len(asked) == 2 * len(found.trials) == 2 * 9
    assert all(job.overrides["epochs"] == 3 for job in asked)
    losses = [trial.validation_loss.mean for trial in found.trials]
    assert losses == sorted(losses)
    assert found.trials[0].settings == {"learning_rate": 0.003, "hidden": (50,)}
    expected = [made_up(Job("adam", seed, {"learning_rate": 0.003, "hidden": (50,)})) for seed in (42, 43)]
    assert losses[0] == pytest.approx(sum(each.validation.loss for each in expected) / 2)
    assert (found.combinations, found.drawn, found.seeds, found.trained) == (9, 9, (42, 43), 18)


def test_the_stage_as_it_stands_is_the_reference(even: Dataset, asked: list[Job]) -> None:
    among = kerasnn.tune("adam", CHOICES, dataset=even)
    beside = kerasnn.tune("adam", {"learning_rate": [0.01, 0.02]}, dataset=even, hidden=[8])
    for found, count, own in (
        (among, 9, {"learning_rate": 0.001, "hidden": (100,)}),
        (beside, 3, {"learning_rate": 0.001}),
    ):
        (reference,) = [trial for trial in found.trials if trial.reference]
        assert reference.settings == own
        assert reference.difference is None
        assert len(found.trials) == count
    assert [trial.settings["learning_rate"] for trial in beside.trials] == [0.02, 0.01, 0.001]
    assert all(list(job.overrides["hidden"]) == [8] for job in asked[9:])


def test_differences_are_paired_by_seed(even: Dataset, asked: list[Job]) -> None:
    """Against SciPy's own interval of the differences."""
    found = kerasnn.tune("adam", CHOICES, seeds=3, dataset=even)
    trial = next(each for each in found.trials if each.settings == {"learning_rate": 0.003, "hidden": (100, 50)})
    pairs = [
        made_up(Job("adam", seed, trial.settings)).validation.loss - made_up(Job("adam", seed)).validation.loss
        for seed in (42, 43, 44)
    ]
    assert trial.difference is not None
    low, high = stats.ttest_1samp(pairs, 0).confidence_interval(0.95)
    assert (trial.difference.low, trial.difference.high) == pytest.approx((low, high))
    assert trial.difference.mean == pytest.approx(sum(pairs) / 3)
    (one,) = [each for each in kerasnn.tune("adam", CHOICES, dataset=even).trials if each.settings == trial.settings]
    assert one.difference is not None
    assert one.difference.mean == pytest.approx(pairs[0])
    assert one.difference.low is None


def test_the_test_images_choose_nothing(even: Dataset, asked: list[Job]) -> None:
    """They would have ranked the other way round; of all but two trials they are not even told."""
    found = kerasnn.tune("adam", CHOICES, dataset=even)
    told = [trial for trial in found.trials if trial.test_accuracy is not None]
    assert told == [found.trials[0], next(trial for trial in found.trials if trial.reference)]
    text = text_of(found)
    assert "The best of 9 trials looks better on the validation images than it is" in text
    assert all(f"{trial.test_accuracy.mean:.4f}" in text for trial in told if trial.test_accuracy)


def test_so_many_are_drawn_by_the_seed(even: Dataset) -> None:
    def drawn(seed: int) -> list[Any]:
        return [dict(entry) for entry in plan_search("adam", CHOICES, trials=4, seed=seed).entries]

    assert drawn(1) == drawn(1)
    assert len({str(drawn(seed)) for seed in range(20)}) > 10
    every = plan_search("adam", CHOICES).entries
    for seed in range(20):
        reference, *others = drawn(seed)
        assert reference == {}
        assert all(entry in every for entry in others)
        assert len({str(entry) for entry in others}) == len(others)
        assert len(others) in (3, 4)  # 3 where the reference was drawn too
    assert len(plan_search("adam", CHOICES, trials=100).entries) == 9


def test_the_same_settings_in_other_words_are_one_trial() -> None:
    assert len(plan_search("adam", {"optimizer": ["adam"], "learning_rate": [0.001, 1e-3, 0.01]}).entries) == 2
    search = plan_search("relu", {"optimizer": ["sgd", "rmsprop"]})  # each with its own rate
    assert (search.combinations, len(search.entries)) == (2, 2)


def test_grids_of_their_own() -> None:
    assert plan_search("adam").choices == {"learning_rate": (0.0003, 0.001, 0.003), "hidden": ((50,), (100,), (200,))}
    assert plan_search("softmax").choices == {"learning_rate": (0.0003, 0.001, 0.003), "batch_size": (16, 32, 128)}
    assert plan_search("sgd").choices == {"epochs": (2, 5, 10)}
    assert plan_search("relu", overrides={"optimizer": "sgd", "hidden": [9]}).choices == {
        "learning_rate": (0.003, 0.01, 0.03)
    }


def test_what_is_kept_is_not_trained_again(even: Dataset, asked: list[Job]) -> None:
    first = kerasnn.tune("adam", {"hidden": [(50,), (100,)]}, dataset=even)
    wider = kerasnn.tune("adam", {"hidden": [(50,), (100,), (200,)]}, dataset=even)
    assert (first.trained, wider.trained, len(asked)) == (2, 1, 3)
    assert "1 training in" in text_of(wider)
    assert ", 2 were already done; saved in tuning" in text_of(wider)


def test_what_diverged_comes_last(even: Dataset, asked: list[Job]) -> None:
    for seeds in ((42,), (42, 43)):
        found = kerasnn.tune("adam", {"hidden": [(50,), (666,)]}, seeds=seeds, dataset=even)
        assert found.trials[-1].settings == {"hidden": (666,)}
        assert found.trials[-1].diverged == seeds
        assert "diverged" in rendered(tuning_view(found), 80)


def test_what_may_be_concluded(even: Dataset, asked: list[Job]) -> None:
    one = kerasnn.tune("adam", {"hidden": [(50,)]}, dataset=even)
    assert "how much accuracy varies between seeds on these images is not known" in text_of(one)
    published = replace(one, dataset=replace(one.dataset, sha256=FASHION_MNIST_SHA256))
    assert "half a point between seeds, so smaller differences mean nothing" in text_of(published)
    assert "Rates that high" not in text_of(one)
    fast = kerasnn.tune("adam", {"hidden": [(50,)]}, dataset=even, learning_rate=0.03)
    assert [note.code for note in fast.notes] == ["high-rate"]
    assert "learning rate, 0.03, is 30 times the usual 0.001 of adam. Rates that high" in text_of(fast)
    several = kerasnn.tune("adam", {"hidden": [(50,)]}, seeds=3, dataset=even)
    assert "it was picked from 2 trials, which makes the interval too optimistic" in text_of(several)
    winner = several.trials[0]
    assert winner.difference is not None
    wide = replace(winner, difference=replace(winner.difference, low=-0.1, high=0.05))
    assert "cannot tell it from the reference" in text_of(replace(several, trials=(wide, *several.trials[1:])))
    worse = kerasnn.tune("adam", {"hidden": [(200,)]}, dataset=even)
    assert "No trial beat the unchanged stage" in text_of(worse)


def test_the_view_fits(even: Dataset, asked: list[Job]) -> None:
    many = {**CHOICES, "batch_size": [16, 32], "dropout": [0.1, 0.5]}
    for choices in (CHOICES, many):
        text = rendered(tuning_view(kerasnn.tune("adam", choices, seeds=3, dataset=even, trials=5)), 80)
        assert max(map(len, text.splitlines())) <= 80
        assert "1  " in text
        assert "*" in text
        assert "A random sample: 5 of" in text


@pytest.mark.full
def test_the_command_trains_the_winner(npz: Path) -> None:
    """For real: the run that the command makes has the winner's figures."""
    found = kerasnn.tune("adam", {"hidden": [(4,), (6, 5)]}, dataset=npz, workers=1, epochs=2, learning_rate=0.01)
    run = printed_json(*shlex.split(found.command)[1:])
    winner = found.trials[0]
    assert run["validation"]["loss"] == pytest.approx(winner.validation_loss.mean, rel=1e-4)
    assert run["settings"]["hidden"] == list(winner.settings["hidden"])
    assert run["parameters"] == winner.parameters


@pytest.mark.parametrize(
    ("stage", "choices", "given", "message"),
    [
        ("adam", {"units": [5]}, {}, "there is no setting 'units'"),
        ("adam", {"learning_rate": [0.1, -1]}, {}, "--learning-rate is -1"),
        ("adam", {"hidden": [(5, 0)]}, {}, "--hidden is 0"),
        ("adam", {"activation": ["relu", "rleu"]}, {}, "--activation is 'rleu'"),
        ("adam", {"momentum": [0.9]}, {}, "does not go with the optimizer 'adam'"),
        ("adam", {"epochs": []}, {}, "'epochs' has no values"),
        ("adam", {"epochs": [None]}, {}, "'epochs' has no values"),
        ("adam", {"epochs": [1]}, {"epochs": 2}, "'epochs' is both set and tried"),
        ("adam", {"seed": [1, 2]}, {}, "the seed is not a hyperparameter"),
        ("adam", {"learning_rate": range(1, 200), "epochs": range(1, 200)}, {}, "39,601 combinations are too many"),
        ("adam", None, {"hidden": [5], "learning_rate": 0.1}, "there is nothing to try"),
        ("adam", None, {"seeds": 0}, "no seeds"),
        ("softmax", {"activation": ["relu"]}, {}, "this model has none"),
        ("sgd", {"hidden": [(5,)]}, {}, "does not go with stage 'sgd'"),
        ("sdg", None, {}, "there is no stage 'sdg'"),
    ],
)
def test_refused_before_anything_is_trained(
    stage: str, choices: Any, given: dict[str, Any], message: str, even: Dataset, asked: list[Job]
) -> None:
    with pytest.raises(UsageError, match=message):
        kerasnn.tune(stage, choices, dataset=even, **given)
    assert asked == []
