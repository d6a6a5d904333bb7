"""Simulate how often the answers of `reproduce` and `claims` are wrong, beside what they promise.

python -m tests.study.error_rates                 prints three tables; --studies 4000: simulated for each number

Values come from a normal distribution, and from those of the 60 seeds behind `verify`: through their quartiles, with
the exponential tails that its bands assume. `measured` is the mean over the stages, the worst of them in brackets.
"""

import argparse
import json
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from itertools import pairwise
from typing import Any, Final

import numpy as np

from kerasnn.lecture.stages import published_range
from kerasnn.study.reproduce import AGREEMENT_RISK, agreement
from kerasnn.study.statistics import CONFIDENCE, RISK, decide, decide_together, spread

Draw = Callable[[np.random.Generator, tuple[int, ...]], Any]  # values with mean 0 and deviation 1

COMPARED: Final = ("softmax", "relu", "adam", "dropout", "early-stopping")  # they have published accuracies
STAGES: Final = ("softmax", "hidden", "relu", "adam", "dropout", "overfit")
FAR: Final = 50.0


def seeds_of(stage: str) -> dict[str, Any]:
    """Mean, deviation and quantiles of the validation accuracies of 60 seeds on Fashion-MNIST."""
    bands = json.loads(files("kerasnn.study").joinpath("bands.json").read_text(encoding="utf-8"))
    (stages,) = (each["stages"] for each in bands["datasets"] if each["name"] == "fashion-mnist")
    return {"seeds": stages[stage]["seeds"], **stages[stage]["figures"]["validation accuracy"]}


def normal(random: np.random.Generator, shape: tuple[int, ...]) -> Any:
    return random.normal(size=shape)


def as_measured(stage: str) -> Draw:
    """Draw from the distribution of the accuracies of `stage`."""
    seeds = seeds_of(stage)
    lowest, lower, median, upper, highest = seeds["quantiles"]
    steep = math.log((seeds["seeds"] + 1) / 4)  # the extreme of n seeds is exceeded once in n + 1

    def quantile(share: Any) -> Any:
        middle = np.interp(share, (0.25, 0.5, 0.75), (lower, median, upper))
        beyond = np.log(0.25 / np.minimum(share, 1 - share)).clip(0) / steep
        return middle + np.where(share < 0.5, lowest - lower, highest - upper) * beyond

    grid = quantile((np.arange(100_000) + 0.5) / 100_000)
    return lambda random, shape: (quantile(random.random(shape)) - grid.mean()) / grid.std()


def between(first: Draw, second: Draw) -> Draw:
    """Draw differences."""
    return lambda random, shape: (first(random, shape) - second(random, shape)) / math.sqrt(2)


def share(words: Sequence[str], word: str) -> float:
    return words.count(word) / len(words)


def reproduced(draw: Draw, stage: str, mean: str, seeds: int, studies: int) -> list[str]:
    """Return the answers of `reproduce` for a stage whose true mean lies where `mean` says."""
    published, known = published_range(stage), seeds_of(stage)
    assert published is not None
    deviation = known["deviation"]
    means = {
        "as measured": known["mean"],
        "lower end": published.low - deviation,
        "upper end": published.high + deviation,
        "5 deviations lower": known["mean"] - 5 * deviation,
    }
    values = means[mean] + deviation * draw(np.random.default_rng(seeds), (studies, seeds))
    return [agreement(published, each, deviation).answer for each in values.tolist()]


def judged(draw: Draw, means: Sequence[float], seeds: int, studies: int, *, corrected: bool = True) -> list[str]:
    """Return the verdicts on a claim with a comparison for each of the true `means`, which it says are above 0."""
    values = draw(np.random.default_rng(seeds), (studies, len(means), seeds)) + np.array(means)[:, np.newaxis]
    bounds = [(0.0, None)] * len(means)
    verdicts = (
        decide_together(each, bounds) if corrected else [decide(one, (0.0, None)) for one in each]
        for each in values.tolist()
    )
    order = ("does not hold", "not separable", "holds")
    return [next(word for word in order if word in each) for each in verdicts]


def covered(draw: Draw, seeds: int, studies: int) -> float:
    """Return how often the interval of a mean contains the true one, which is 0."""
    found = [spread(each) for each in draw(np.random.default_rng(seeds), (studies, seeds)).tolist()]
    return float(np.mean([(each.low or 0) <= 0 <= (each.high or 0) for each in found]))


def halved(draw: Draw, seeds: int, studies: int) -> float:
    """Return the mean width of the interval with four times as many seeds, as a share of that with `seeds`."""
    random, widths = np.random.default_rng(seeds), []
    for count in (seeds, 4 * seeds):
        found = [spread(each) for each in draw(random, (studies, count)).tolist()]
        widths.append(np.mean([(each.high or 0) - (each.low or 0) for each in found]))
    return float(widths[1] / widths[0])


def percent(rates: Sequence[float]) -> str:
    mean = f"{100 * np.mean(rates):.1f}%"
    return mean if len(rates) == 1 else f"{mean} ({100 * max(rates):.1f})"


def reproduce_table(studies: int) -> Iterator[str]:
    yield "| seeds | values | mean as measured | | 5 deviations lower | | at an end of the wider range | |"
    yield "|---|---|---|---|---|---|---|---|"
    yield "| | | agrees | differs | agrees | differs | agrees | differs |"
    yield f"| | promise |{f' | <= {AGREEMENT_RISK:.0%}' * 2} | | <= {AGREEMENT_RISK:.0%} | <= {AGREEMENT_RISK:.0%} |"
    for seeds in (4, 5, 10, 20):
        for draws in (dict.fromkeys(COMPARED, normal), {stage: as_measured(stage) for stage in COMPARED}):
            cells = [str(seeds), "normal" if normal in draws.values() else "measured"]
            for means in (("as measured",), ("5 deviations lower",), ("lower end", "upper end")):
                found = [reproduced(draws[stage], stage, mean, seeds, studies) for stage in COMPARED for mean in means]
                cells += [percent([share(each, answer) for each in found]) for answer in ("agrees", "differs")]
            yield f"| {' | '.join(cells)} |"


def claims_table(studies: int) -> Iterator[str]:
    yield "| comparisons | seeds | values | all on the bound: does not hold | uncorrected | one on it: holds |"
    yield "|---|---|---|---|---|---|"
    yield f"| | | promise | <= {RISK:.1%} | | <= {RISK:.1%} |"
    for count in (1, 2, 4):
        on_bound, all_but_one = [0.0] * count, [0.0, *[FAR] * (count - 1)]
        for seeds in (3, 5, 10):
            for kind, draws in claim_draws().items():
                cells = [
                    percent(
                        [
                            share(judged(draw, on_bound, seeds, studies, corrected=each), "does not hold")
                            for draw in draws
                        ]
                    )
                    for each in (True, False)
                ]
                cells.append(percent([share(judged(draw, all_but_one, seeds, studies), "holds") for draw in draws]))
                yield f"| {count} | {seeds} | {kind} | {' | '.join(cells)} |"


def interval_table(studies: int) -> Iterator[str]:
    yield "| seeds | values | the interval misses the mean | its width with four times as many seeds |"
    yield "|---|---|---|---|"
    yield f"| | promise | <= {1 - CONFIDENCE:.0%} | about half |"
    for seeds in (3, 5, 10, 20):
        for kind, draws in claim_draws().items():
            missed, width = (
                [1 - covered(draw, seeds, studies) for draw in draws],
                [halved(draw, seeds, studies) for draw in draws],
            )
            yield f"| {seeds} | {kind} | {percent(missed)} | {percent(width)} |"


def claim_draws() -> dict[str, list[Draw]]:
    """Claims compare stages: their values are differences."""
    measured = [between(as_measured(first), as_measured(second)) for first, second in pairwise(STAGES)]
    return {"normal": [normal], "measured": measured}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--studies", type=int, default=4_000, help="simulated for each number")
    studies = parser.parse_args().studies
    for table in (reproduce_table, claims_table, interval_table):
        for line in table(studies):
            sys.stdout.write(f"{line}\n")
        sys.stdout.write("\n")


if __name__ == "__main__":
    main()
