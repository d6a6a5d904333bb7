"""Every stage with every seed: paired trainings, statistics compared with SciPy, agreement, and the files."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from scipy import stats

from kerasnn.cli.app import main
from kerasnn.data.dataset import Dataset
from kerasnn.lecture.settings import find_stage
from kerasnn.lecture.stages import published_range
from kerasnn.networks.architecture import design
from kerasnn.records import Epoch, Event, Job, Outcome, Scores, Seconds, StudyProgress
from kerasnn.records.data import FASHION_MNIST_SHA256
from kerasnn.study import reproduce as study
from kerasnn.study import results as store
from kerasnn.study.statistics import spread
from kerasnn.views.reproduction import reproduction_view, sentences
from kerasnn.views.reproduction_files import reproduction_markdown
from tests.views.test_views import rendered

STAGES = ["sgd", "softmax", "dropout"]
ACCURACY = {"sgd": 0.83, "softmax": 0.848, "dropout": 0.86}


def made_up(job: Job) -> Outcome:
    """Accuracies that rise by a thousandth a seed; the best epoch of a Keras stage is the second of three."""
    random = np.random.default_rng([job.seed, len(job.stage)])
    accuracy = ACCURACY[job.stage] + (job.seed - 42) / 1000
    history = tuple(Epoch(number, 0.5, 0.8, 0.4 - 0.1 * (number == 2), accuracy + 0.02) for number in (1, 2, 3))
    scores = Scores(0.4 + random.random() / 10, accuracy)
    keras_stage = job.stage != "sgd"
    return Outcome(
        job,
        7850,
        history if keras_stage else (),
        2 if keras_stage else None,
        3,
        3,
        scores,
        scores,
        replace(scores, accuracy=accuracy - 0.01),
        Seconds(2.0, 0.0, 0.5, 1.0),
        "0" * 64,
    )


@pytest.fixture
def no_training(monkeypatch: pytest.MonkeyPatch) -> None:
    def pool(jobs: list[Job], dataset: Dataset, *, listener: Any, **options: Any) -> Any:
        for place, job in enumerate(jobs, start=1):
            outcome = made_up(job)
            listener(StudyProgress(len(jobs), place, 0, (), 1.0, outcome))
            yield outcome

    monkeypatch.setattr(store, "train_all", pool)


@pytest.fixture
def as_if_real(tiny: Dataset) -> Dataset:
    return replace(tiny, info=replace(tiny.info, name="fashion-mnist", sha256=FASHION_MNIST_SHA256))


def first_weights(stage: str, seed: int) -> list[Any]:
    from kerasnn.networks.builders import build
    from kerasnn.networks.runtime import make_repeatable

    make_repeatable(seed)
    architecture = design(find_stage(stage).settings, image_shape=(28, 28), classes=10)
    weights: list[Any] = build(architecture, paired=True).get_weights()
    return weights


def test_stages_of_one_seed_begin_with_the_same_weights_where_shapes_agree() -> None:
    stages = ("hidden", "relu", "adam", "dropout", "early-stopping", "overfit")
    for seed in (42, 7):
        first, *others = (first_weights(stage, seed) for stage in stages)
        for weights in others:
            assert all((a == b).all() for a, b in zip(first, weights, strict=True))
    assert (first_weights("adam", 1)[0] != first_weights("adam", 2)[0]).any()


@pytest.mark.full
def test_stages_of_one_seed_learn_in_the_same_order(tiny: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    from kerasnn.study.job import run_job
    from kerasnn.training.fused_program import Program

    orders: dict[str, list[Any]] = {}
    original = Program.train

    def watched(program: Any, images: Any, seed: int, epoch: int, order: Any, *others: Any) -> Any:
        orders.setdefault(stage, []).append(order.tolist())
        return original(program, images, seed, epoch, order, *others)

    monkeypatch.setattr(Program, "train", watched)
    for stage in ("relu", "dropout"):
        run_job(Job(stage, 5, {"epochs": 2}), tiny)
    assert orders["relu"] == orders["dropout"]
    assert orders["relu"][0] != orders["relu"][1]


@pytest.mark.parametrize("values", [[0.1, 0.5], [0.85, 0.86, 0.855, 0.851], list(range(30))])
def test_spread_is_scipys(values: list[float]) -> None:
    found = spread(values)
    low, high = stats.t.interval(0.95, len(values) - 1, loc=np.mean(values), scale=stats.sem(values))
    assert (found.mean, found.deviation) == pytest.approx((np.mean(values), np.std(values, ddof=1)))
    assert (found.low, found.high) == pytest.approx((low, high))
    assert spread(values[:1]).deviation is None


@pytest.mark.usefixtures("no_training")
def test_figures_and_agreement(as_if_real: Dataset, tmp_path: Path) -> None:
    events: list[Event] = []
    found = study.reproduce(STAGES, seeds=range(42, 46), dataset=as_if_real, out=tmp_path, listener=events.append)
    assert [stage.stage for stage in found.stages] == STAGES
    assert [each.job for each in found.outcomes] == [Job(stage, seed) for stage in STAGES for seed in range(42, 46)]
    sgd, softmax, dropout = found.stages
    assert sgd.agreement is None  # published is a mean over folds, which no single training compares with
    assert sgd.best_epoch is None
    assert softmax.validation_accuracy.mean == pytest.approx(0.8495)
    assert softmax.test_accuracy.mean == pytest.approx(0.8395)
    assert softmax.agreement is not None
    assert (softmax.agreement.answer, softmax.agreement.inside) == ("agrees", 4)
    assert dropout.agreement is not None
    assert dropout.agreement.compared.mean == pytest.approx(0.8815)  # of the best epoch, not the kept one
    assert (dropout.agreement.answer, dropout.agreement.inside) == ("unclear", 0)
    assert found.trained == 12
    again = study.reproduce(STAGES, seeds=range(42, 46), dataset=as_if_real, out=tmp_path)
    assert (again.trained, again.stages) == (0, found.stages)
    told = " ".join(sentences(found))
    assert "In agreement with the published range: softmax." in told
    assert "More seeds are needed to tell: dropout." in told
    assert f"0.8841 to 0.8888 +- {dropout.agreement.margin:.4f} | unclear (0.8815" in reproduction_markdown(found)


@pytest.mark.parametrize("mean", [0.852, 0.8580, 0.8600, 0.8628, 0.8700, 0.8849, 0.8872, 0.895])
@pytest.mark.parametrize("seeds", [4, 6, 20])
@pytest.mark.parametrize("varied", [0.5, 2.0])
def test_agreement_is_an_equivalence_test(mean: float, seeds: int, varied: float) -> None:
    """Two one-sided t-tests at 5 %, by SciPy's distribution, of at least the deviation that 60 seeds have."""
    published, margin = published_range("relu"), 0.005
    assert published is not None
    assert (published.low, published.high) == (0.8631, 0.8821)
    noise = np.random.default_rng(seeds).normal(size=seeds)
    values = mean + varied * margin * (noise - noise.mean()) / noise.std(ddof=1)
    found = study.agreement(published, values.tolist(), margin)
    error = max(margin, varied * margin) / np.sqrt(seeds)
    below, above = (mean - (0.8631 - margin)) / error, (mean - (0.8821 + margin)) / error
    chance = stats.t(seeds - 1).cdf
    inside, beyond = max(chance(-below), chance(above)), min(chance(below), chance(-above))
    assert found.answer == ("agrees" if inside < 0.05 else "differs" if beyond < 0.05 else "unclear")
    assert found.margin == margin
    assert found.compared.mean == pytest.approx(mean)


@pytest.mark.parametrize("seeds", [1, 2, 3])
def test_three_seeds_are_too_few(as_if_real: Dataset, tmp_path: Path, no_training: None, seeds: int) -> None:
    found = study.reproduce(["softmax", "sgd"], seeds=seeds, dataset=as_if_real, out=tmp_path)
    assert found.stages[0].agreement is not None
    assert found.stages[0].agreement.answer == "too few seeds"
    text = rendered(reproduction_view(found), 80)
    assert "Fewer than four seeds cannot tell" in " ".join(text.split())
    assert "widened" not in text


@pytest.mark.usefixtures("no_training")
def test_a_stage_that_differs(as_if_real: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ACCURACY, "softmax", 0.868)
    found = study.reproduce(["softmax"], seeds=5, dataset=as_if_real, out=tmp_path)
    assert "softmax differs: its mean 0.8700 is 0.0184 above the range." in sentences(found)
    assert "interval lies in that range, widened at both ends by" in " ".join(
        rendered(reproduction_view(found), 80).split()
    )


@pytest.mark.usefixtures("no_training")
@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("seeds", [1, 5])
def test_the_table_fits(as_if_real: Dataset, tmp_path: Path, width: int, seeds: int) -> None:
    found = study.reproduce(STAGES, seeds=seeds, dataset=as_if_real, out=tmp_path)
    text = rendered(reproduction_view(found), width)
    assert max(map(len, text.splitlines())) <= width
    if width >= 80:
        assert "…" not in text
        assert "0.8841 to" in text
        assert f"{found.stages[1].validation_accuracy.mean:.4f}" in text


@pytest.mark.usefixtures("no_training")
def test_the_command_writes_every_form(npz: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["reproduce", "--stages", "softmax,sgd", "--stages", "dropout", "--seeds", "3", "--dataset", str(npz)]
    assert main([*words, "--json"]) == 0
    captured = capsys.readouterr()
    found = json.loads(captured.out)
    assert [stage["stage"] for stage in found["stages"]] == ["softmax", "sgd", "dropout"]
    assert found["seeds"] == [42, 43, 44]
    assert {"mean", "deviation", "low", "high"} == set(found["stages"][0]["validation_loss"])
    assert "softmax        seed 42   validation" in captured.err
    folder = Path("reproduction")
    assert json.loads((folder / "reproduction.json").read_text(encoding="utf-8")) == found
    rows = list(csv.DictReader(io.StringIO((folder / "reproduction.csv").read_text(encoding="utf-8"))))
    assert [row["seed"] for row in rows] == ["42", "43", "44"] * 3
    assert float(rows[0]["validation_loss"]) == found["outcomes"][0]["validation"]["loss"]
    text = (folder / "reproduction.md").read_text(encoding="utf-8")
    assert f"| softmax | {found['stages'][0]['validation_loss']['mean']:.4f}, " in text
    with Image.open(folder / "reproduction.png") as image:
        assert image.width > 1000
    assert main([*words, "-q"]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    assert "0 trainings in" in captured.out
    assert "9 were already done" in captured.out
    before = (folder / "reproduction.md").read_bytes()
    assert main(["reproduce", "--stages", "sgd", "--seeds", "1", "--dataset", str(npz)]) == 0
    assert "written: reproduction/reproduction-2.md" in capsys.readouterr().err
    assert (folder / "reproduction.md").read_bytes() == before
    assert "(reproduction-2.png)" in (folder / "reproduction-2.md").read_text(encoding="utf-8")
    for number, suffix in ((3, "md"), (4, "csv")):  # one in which somebody wrote stays as it is
        mine = folder / f"reproduction{'-3' * (number > 3)}.{suffix}"
        mine.write_bytes(changed := mine.read_bytes() + b"mine")
        assert main([*words, "-q"]) == 0
        assert mine.read_bytes() == changed
        assert (folder / f"reproduction-{number}.md").exists()


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["--stages", "softmx"], 2, "there is no stage 'softmx'"),
        (["--seeds", "0"], 2, "--seeds"),
        (["--workers", "0"], 2, "--workers"),
        (["--seed", "4294967295", "--seeds", "2", "--stages", "sgd"], 2, "--seed is 4294967296"),
        (["--ray", "nowhere", "--stages", "sgd"], 4, "Ray"),
    ],
)
def test_errors(words: list[str], code: int, message: str, npz: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reproduce", "--dataset", str(npz), *words]) == code
    assert message in capsys.readouterr().err
