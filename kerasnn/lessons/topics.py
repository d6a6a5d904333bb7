"""The lecture's topics: a list of them, and each explained by its lesson, the module of the same name."""

from dataclasses import replace
from importlib import import_module
from pathlib import Path

from threadpoolctl import threadpool_limits

from kerasnn.data.dataset import Dataset
from kerasnn.data.load import source_of
from kerasnn.errors import look_up
from kerasnn.files.paths import RUNS, expanded
from kerasnn.language import LANGUAGES, _, speaking
from kerasnn.lecture.topics import TOPIC_BY_NAME, TOPICS, Topic
from kerasnn.lessons.context import Context
from kerasnn.networks.classifier import finite_throughout
from kerasnn.records import Explanation, Listener, Several, TopicRow, Working, show_in_notebook
from kerasnn.records.note import sentence


def topics() -> Several[TopicRow]:
    """List what can be explained, in the lecture's order."""
    return Several(TopicRow(topic.name, _(topic.title), _(topic.statement), topic.model) for topic in TOPICS)


def explain(
    topic: str,
    *,
    model: str | Path | None = None,
    index: int = 0,
    dataset: str | Path | Dataset | None = None,
    data_dir: str | Path | None = None,
    out: str | Path = RUNS,
    lang: str | None = None,
    listener: Listener = show_in_notebook,
) -> Explanation:
    """Explain one of `topics()` on a trained network and on test image `index`, counted from 0.

    `model`: as in `evaluate`; without it, the reference model that suits the topic. `dataset`, `data_dir`: as in
    `load_data`; without a `dataset`, the images that the named model was trained on. `lang`: `en` or `ko`.

    Raises: UsageError for an unknown topic, or a model that does not suit it; ModelFileError, DataError.
    """
    name = str(model) if model is not None else None
    with speaking(lang):
        row = find_topic(topic)
        return explain_in(Context(row, name, expanded(out), source_of(dataset, data_dir), index, listener))


def find_topic(name: str) -> Topic:
    """Return the topic with this name, in any spelling, or this title. Raises: UsageError."""
    missing = _("there is no topic '{name}'", name=name)
    others = {} if name in TOPIC_BY_NAME else _other_names()  # these load the catalogue of each language
    return look_up(name, TOPIC_BY_NAME, missing, _("kerasnn explain lists them"), aliases=others)


def explain_in(context: Context) -> Explanation:
    """Explain the context's topic, with notes on what is wrong with its model. Raises: as `explain`."""
    found = work_out(context)
    problems = context.found.problems if found.model is not None else ()
    return replace(found, notes=(*(_("Note: {note}.", note=sentence(each)) for each in problems), *found.notes))


def _other_names() -> dict[str, str]:
    """Return the names of topics by what else they are called: their titles in each language, and those in TOPICS."""
    names = {alias: topic.name for topic in TOPICS for alias in topic.aliases}
    for language in LANGUAGES:
        with speaking(language):
            # a Korean title may have the English word in brackets
            names |= {part: topic.name for topic in TOPICS for part in (_(topic.title), _(topic.title).split("(")[0])}
    return names


def work_out(context: Context) -> Explanation:
    """Run the lesson of the context's topic. Raises: as `explain`."""
    context.listener(Working("explaining"))
    lesson = import_module(f"kerasnn.lessons.{context.topic.lesson}")
    # several threads are slower than one on small matrices: they wait for each other
    with threadpool_limits(1, user_api="blas"), finite_throughout():
        explanation: Explanation = lesson.explain(context)
    return explanation
