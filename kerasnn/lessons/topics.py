"""The lecture's topics: listed, and explained by the module that works each of them out."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from threadpoolctl import threadpool_limits

from kerasnn.data.dataset import Dataset
from kerasnn.data.source import source_of
from kerasnn.errors import UsageError, did_you_mean
from kerasnn.files.paths import RUNS
from kerasnn.language import _, speaking
from kerasnn.lecture.topics import TOPIC_BY_NAME, TOPICS, Topic
from kerasnn.lessons import (
    argmax,
    collapse,
    dropout,
    glossary,
    hyperparameters,
    layers,
    linear,
    neuron,
    normalize,
    one_hot,
    optimizers,
    overfitting,
    parameters,
    relu,
    sigmoid_softmax,
    summary,
    validation,
)
from kerasnn.lessons.context import Context
from kerasnn.records import Explanation, Listener, TopicRow, ignore

EXPLANATIONS: Final[Mapping[str, Callable[[Context], Explanation]]] = {
    "normalize": normalize.explain,
    "linear": linear.explain,
    "glossary": glossary.explain,
    "neuron": neuron.explain,
    "validation": validation.explain,
    "layers": layers.explain,
    "sigmoid-softmax": sigmoid_softmax.explain,
    "one-hot": one_hot.explain,
    "collapse": collapse.explain,
    "summary": summary.explain,
    "parameters": parameters.explain,
    "relu": relu.explain,
    "hyperparameters": hyperparameters.explain,
    "optimizers": optimizers.explain,
    "overfitting": overfitting.explain,
    "dropout": dropout.explain,
    "argmax": argmax.explain,
}


def topics() -> tuple[TopicRow, ...]:
    """List what can be explained, in the lecture's order."""
    return tuple(TopicRow(topic.name, _(topic.title), _(topic.statement), topic.model) for topic in TOPICS)


def explain(
    topic: str,
    *,
    model: str | Path | None = None,
    index: int = 0,
    dataset: str | Path | Dataset | None = None,
    data_dir: str | Path | None = None,
    out: str | Path = RUNS,
    lang: str | None = None,
    listener: Listener = ignore,
) -> Explanation:
    """Work out one of `topics()` on a trained network and test image `index`, counted from 0.

    `model`: as in `evaluate`; None: the reference model that suits the topic. `dataset`, `data_dir`: as in
    `load_data`; without a `dataset`, what the named model learnt from. `lang`: `en` or `ko`.

    Raises: UsageError for an unknown topic, or a model that does not suit it; ModelFileError, DataError.
    """
    called = str(model) if model is not None else None
    with speaking(lang):
        source = source_of(dataset, data_dir)
        return work_out(Context(find_topic(topic), called, Path(out), source, index, listener))


def work_out(context: Context) -> Explanation:
    """Work out the topic of `context`. Raises: as `explain`."""
    # on small matrices several threads wait for each other more than they help
    with threadpool_limits(1, user_api="blas"):
        return EXPLANATIONS[context.topic.name](context)


def find_topic(name: str) -> Topic:
    """Return the topic of that name. Raises: UsageError, with the nearest name, if there is none."""
    if name in TOPIC_BY_NAME:
        return TOPIC_BY_NAME[name]
    raise UsageError(
        _("there is no topic '{name}'", name=name),
        expected=_("one of {names}", names=", ".join(topic.name for topic in TOPICS)),
        hint=did_you_mean(name, TOPIC_BY_NAME, _("kerasnn explain lists them")),
    )
