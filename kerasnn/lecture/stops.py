"""The stops of a tour through the lecture: its stages and ideas in the order in which they build on each other."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from kerasnn.lecture.stages import STAGE_BY_NAME, STAGES
from kerasnn.lecture.topics import TOPICS


@dataclass(frozen=True)
class Stop:
    """An idea to explain, or a stage to train and compare with an earlier stage, `compared_with`."""

    kind: Literal["idea", "stage"]
    name: str
    compared_with: str | None = None


def _stops_after(stage: str | None) -> Iterator[Stop]:
    return (Stop("idea", topic.name) for topic in TOPICS if topic.after == stage)


def _stops() -> Iterator[Stop]:
    """Yield the stages in the lecture's order, but each after the one it is compared with; ideas in between."""
    yield from _stops_after(None)
    passed: list[str] = []
    for stage in STAGES:
        chain = [stage]
        while chain[-1].compared_with is not None:  # back to the first stage
            chain.append(STAGE_BY_NAME[chain[-1].compared_with])
        for each in reversed(chain):
            if each.name not in passed:
                passed.append(each.name)
                yield Stop("stage", each.name, each.compared_with)
                yield from _stops_after(each.name)


TOUR: Final = tuple(_stops())
