"""The code on the slides beside the code that runs today, and why it changed."""

from dataclasses import dataclass
from typing import Final

from kerasnn.language import N_


@dataclass(frozen=True)
class Line:
    """One statement: as on the slide, as written today, and the reason if the two differ."""

    slide: str
    today: str
    why: str | None = None


SCIKIT_LEARN: Final = (
    Line(
        "sc = SGDClassifier(loss='log', max_iter=5)",
        "sc = SGDClassifier(loss='log_loss', max_iter=5, random_state=42)",
        N_("scikit-learn 1.1 renamed the loss to 'log_loss', and 1.3 took 'log' away; the seed makes it repeatable"),
    ),
    Line("sc.fit(train_scaled, train_target)", "sc.fit(train_scaled, train_target)"),
    Line("sc.score(val_scaled, val_target)", "sc.score(val_scaled, val_target)"),
)
KERAS: Final = (
    Line(
        "dense = keras.layers.Dense(10, activation='softmax', input_shape=(784,))",
        "dense = keras.layers.Dense(10, activation='softmax')",
        N_("Keras 3 wants the shape in an Input of its own, and warns of input_shape"),
    ),
    Line(
        "model = keras.Sequential(dense)",
        "model = keras.Sequential([keras.Input((784,)), dense])",
        N_("Keras 3 takes a list of layers, not a single one"),
    ),
    Line(
        "model.compile(loss='sparse_categorical_crossentropy', metrics='accuracy')",
        "model.compile(loss='sparse_categorical_crossentropy', metrics=['accuracy'])",
        N_("Keras 3 takes a list of metrics"),
    ),
    Line("model.fit(train_scaled, train_target, epochs=5)", "model.fit(train_scaled, train_target, epochs=5)"),
    Line("model.evaluate(val_scaled, val_target)", "model.evaluate(val_scaled, val_target)"),
)
