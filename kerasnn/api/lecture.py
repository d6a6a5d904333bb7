"""What the lecture claims, and whether it is so."""

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from kerasnn.api.data import given_or_loaded
from kerasnn.api.study import REPRODUCTION
from kerasnn.errors import UsageError
from kerasnn.language import N_, _
from kerasnn.lecture.claims import CLAIM_BY_NAME, CLAIMS, Claim
from kerasnn.records import ClaimRow, Judgement, Listener, ignore

if TYPE_CHECKING:
    from kerasnn.data.dataset import Dataset


def claims(names: Sequence[str] = ()) -> tuple[ClaimRow, ...]:
    """The lecture's claims in its order, or those of `names`. Raises: UsageError for a name that there is not."""
    return tuple(
        ClaimRow(
            name=claim.name,
            slide=claim.slide,
            kind=claim.kind,
            states=claim.states,
            evidence=tuple(each.says for each in claim.comparisons) or (N_("the largest difference, computed"),),
        )
        for claim in _chosen(names)
    )


def judge_claims(
    names: Sequence[str] = (),
    *,
    seeds: int | Sequence[int] = 5,
    workers: int | None = None,
    ray: str | None = None,
    dataset: "str | Path | Dataset" = "auto",
    data_dir: str | Path | None = None,
    out: str | Path = REPRODUCTION,
    listener: Listener = ignore,
) -> Judgement:
    """The verdict on each of the lecture's claims, or on those of `names`, by trainings with each of `seeds`.

    `seeds`, `workers`, `ray`: as in `reproduce`. `out`: where finished trainings and measurements are kept, and
    those of `reproduce` found.
    Raises: UsageError, DataError, EnvironmentFault; Interrupted once what was finished is kept.
    """
    from kerasnn.lecture.settings import seed_numbers
    from kerasnn.study.claims import judge_claims as judge
    from kerasnn.study.results import at_a_time

    chosen = _chosen(names)
    numbers, at_once = seed_numbers(seeds), at_a_time(workers, ray)
    data = given_or_loaded(dataset, data_dir, listener)
    return judge(chosen, data, numbers, out=Path(out), workers=at_once, ray=ray, listener=listener)


def _chosen(names: Sequence[str]) -> tuple[Claim, ...]:
    for name in names:
        if name not in CLAIM_BY_NAME:
            near = get_close_matches(name, CLAIM_BY_NAME, n=1)
            raise UsageError(
                _("there is no claim '{name}'", name=name),
                expected=_("a claim's name"),
                hint=_("did you mean '{near}'?", near=near[0]) if near else _("kerasnn claims lists them"),
            )
    return tuple(claim for claim in CLAIMS if not names or claim.name in names)
