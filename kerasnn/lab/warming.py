"""Compile what the lecture's stages train with, before anybody asks for it."""

from collections.abc import Iterator

from kerasnn.data.dataset import Dataset
from kerasnn.lecture.stages import STAGES, Stage
from kerasnn.training.fused import prepare
from kerasnn.training.state import Programs
from kerasnn.training.train import architecture_of

FIRST = "adam"


def warm(data: Dataset, programs: Programs) -> Iterator[Stage]:
    """Compile the stages' programs one after the other, those of FIRST first; yield each stage that is ready."""
    stages = [stage for stage in STAGES if stage.library == "keras"]
    for stage in sorted(stages, key=lambda each: each.name != FIRST):
        prepare(architecture_of(stage.settings, data), stage.settings, data, programs)
        yield stage
