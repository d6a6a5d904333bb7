"""The way from a topic's name to what explains it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from threadpoolctl import threadpool_limits

from kerasnn.data.dataset import Dataset
from kerasnn.errors import UsageError, did_you_mean
from kerasnn.language import _
from kerasnn.lecture.topics import TOPIC_BY_NAME, TOPICS
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
from kerasnn.records import Explanation, Listener

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


def explain(
    name: str,
    *,
    model: str | None,
    index: int,
    source: str | Path | Dataset | None,
    data_dir: Path | None,
    out: Path,
    listener: Listener,
) -> Explanation:
    """The topic `name`, worked out. `model`: any name of one, None: the one that suits the topic.

    Raises: UsageError where there is no such topic, or the model does not suit it; ModelFileError, DataError.
    """
    if name not in TOPIC_BY_NAME:
        raise UsageError(
            _("there is no topic '{name}'", name=name),
            expected=_("one of {names}", names=", ".join(topic.name for topic in TOPICS)),
            hint=did_you_mean(name, TOPIC_BY_NAME, _("kerasnn explain lists them")),
        )
    context = Context(TOPIC_BY_NAME[name], model, out, source, data_dir, index, listener)
    # on small matrices several threads wait for each other more than they help
    with threadpool_limits(1, user_api="blas"):
        return EXPLANATIONS[name](context)
