"""One-vs-rest logistic regression in NumPy, as scikit-learn's SGDClassifier(loss="log_loss") learns it."""

from dataclasses import dataclass

import numpy as np

from kerasnn.lecture.layers import Dense
from kerasnn.networks.classifier import Images, Reals, batch_of, require_finite, unrolled
from kerasnn.records import LayerSummary, ModelSummary, ParameterCount


@dataclass(frozen=True)
class OneVsRest:
    """A trained model: `coefficients`, float32 of shape (classes, inputs), and `intercepts`, of shape (classes,).

    Each row separates one class from all others; the probabilities are the rows' sigmoids divided by their sum.
    """

    coefficients: Reals
    intercepts: Reals

    @property
    def input_size(self) -> int:
        return int(self.coefficients.shape[1])

    @property
    def classes(self) -> int:
        return len(self.coefficients)

    @property
    def parameters(self) -> int:
        return int(self.coefficients.size + self.intercepts.size)

    @property
    def batch(self) -> int:
        return batch_of(max(self.coefficients.shape))

    @property
    def notes(self) -> tuple[str, ...]:
        return ()

    def summary(self, name: str) -> ModelSummary:
        """Return its single layer in the form of a network's summary."""
        layer = Dense("one-vs-rest", self.classes, "sigmoid")
        inputs = (self.input_size,)
        row = LayerSummary(layer.name, "SGDClassifier", (None, self.classes), self.parameters, layer.formula(inputs))
        return ModelSummary(name, (None, *inputs), (row,), ParameterCount(self.parameters, self.parameters, 0))

    def log_probabilities(self, images: Images) -> Reals:
        with np.errstate(all="ignore"):
            z = require_finite(unrolled(images) @ self.coefficients.T + self.intercepts).astype(np.float64)
        log_sigmoid = -np.logaddexp(0.0, -z)
        logarithms: Reals = (log_sigmoid - np.logaddexp.reduce(log_sigmoid, axis=1, keepdims=True)).astype(np.float32)
        # float32 may round the logarithms of several large z to the same value; as in scikit-learn, the highest z wins
        rows, answers = np.arange(len(z)), z.argmax(axis=1)
        highest = logarithms.max(axis=1)
        tied = logarithms.argmax(axis=1) != answers
        logarithms[rows[tied], answers[tied]] = np.nextafter(highest[tied], np.float32(np.inf))
        return logarithms
