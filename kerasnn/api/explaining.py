"""The lecture's ideas, worked out."""

from pathlib import Path
from typing import TYPE_CHECKING

from kerasnn.api.training import RUNS
from kerasnn.language import _, speaking
from kerasnn.lecture.topics import TOPICS
from kerasnn.records import Explanation, Listener, TopicRow, ignore

if TYPE_CHECKING:
    from kerasnn.data.dataset import Dataset


def topics() -> tuple[TopicRow, ...]:
    """What can be explained, in the lecture's order."""
    return tuple(TopicRow(topic.name, _(topic.title), _(topic.statement), topic.model) for topic in TOPICS)


def explain(
    topic: str,
    *,
    model: str | Path | None = None,
    index: int = 0,
    dataset: "str | Path | Dataset | None" = None,
    data_dir: str | Path | None = None,
    out: str | Path = RUNS,
    lang: str | None = None,
    listener: Listener = ignore,
) -> Explanation:
    """One of `topics()`, worked out on `model` (None: the reference model that suits it) and test image `index`.

    `dataset`: as in `load_data`; None takes what a model that is named learnt from. `lang`: `en` or `ko`.
    Raises: UsageError, ModelFileError, DataError.
    """
    from kerasnn.lessons.topics import explain as work_out

    with speaking(lang):
        return work_out(
            topic,
            model=str(model) if model is not None else None,
            index=index,
            source=dataset,
            data_dir=Path(data_dir) if data_dir is not None else None,
            out=Path(out),
            listener=listener,
        )
