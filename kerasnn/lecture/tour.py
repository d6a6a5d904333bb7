"""The lecture from the first slide to the last: ideas, and the stages to train in between."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from kerasnn.lecture.stages import STAGE_BY_NAME, STAGES, Stage
from kerasnn.lecture.topics import TOPICS


@dataclass(frozen=True)
class Stop:
    """An idea to explain, or a stage to train and compare with an earlier stage, `compared_with`."""

    kind: Literal["idea", "stage"]
    name: str
    compared_with: str | None = None


def _stops() -> Iterator[Stop]:
    yield from _ideas_after(None)
    for stage in _stages():
        yield Stop("stage", stage.name, stage.compared_with)
        yield from _ideas_after(stage.name)


def _ideas_after(stage: str | None) -> Iterator[Stop]:
    return (Stop("idea", topic.name) for topic in TOPICS if topic.after == stage)


def _stages() -> Iterator[Stage]:
    """Yield the stages in the lecture's order, but each after the stage that it is compared with."""
    passed: list[str] = []
    for stage in STAGES:
        chain = [stage]
        while chain[-1].compared_with is not None:
            chain.append(STAGE_BY_NAME[chain[-1].compared_with])
        for each in reversed(chain):
            if each.name not in passed:
                passed.append(each.name)
                yield each


TOUR: Final = tuple(_stops())
