"""What the lecture claims, as data: each claim with its slide, and the evidence that decides it.

A statistical claim is decided by comparisons of a metric: between two trainings with the same seed, or with a bound.
The claim holds if every comparison does. Bounds other than 0 say which differences count as none:

- `POINT`: an accuracy of 0.003, the standard error of an accuracy near 0.88 on 12,000 validation images;
- `NAT`: a loss of 0.005, about the standard error of the mean loss on 12,000 images.

An exact claim is decided by the largest difference that a computation finds (`kerasnn.study.exact_claims`).
"""

from dataclasses import dataclass
from typing import Any, Final, Literal

from kerasnn.language import N_

POINT: Final = 0.003  # sqrt(0.88 x 0.12 / 12,000)
NAT: Final = 0.005


@dataclass(frozen=True)
class Trial:
    """A training of `stage`, repeated for each seed. `overrides`: pairs of a field of Settings and its value."""

    stage: str
    overrides: tuple[tuple[str, Any], ...] = ()  # pairs and not a dict: a trial is a key of dictionaries


@dataclass(frozen=True)
class Measured:
    """A measurement that settings alone cannot describe, by its name in `kerasnn.study.measurements`."""

    name: str


@dataclass(frozen=True)
class Comparison:
    """Demands that the metric `figure` of `first`, minus that of `second` if any, is above `above` and below `below`.

    `says`: what is compared, in words.
    """

    says: str
    figure: str
    first: Trial | Measured
    second: Trial | Measured | None = None
    above: float | None = None
    below: float | None = None


@dataclass(frozen=True)
class Claim:
    """A statement of the lecture. `comparisons`: the evidence for a statistical claim; empty for an exact one."""

    name: str
    slide: str
    states: str
    comparisons: tuple[Comparison, ...] = ()

    @property
    def kind(self) -> Literal["exact", "statistical"]:
        return "statistical" if self.comparisons else "exact"


SGD: Final = Trial("sgd")
SOFTMAX: Final = Trial("softmax")
HIDDEN: Final = Trial("hidden")
RELU: Final = Trial("relu")
ADAM: Final = Trial("adam")
DROPOUT: Final = Trial("dropout")
EARLY_STOPPING: Final = Trial("early-stopping")
OVERFIT: Final = Trial("overfit")  # as `adam`, but 20 epochs: the control for `dropout`
LINEAR: Final = Trial("relu", (("activation", "linear"),))
PLAIN_SGD: Final = Trial("relu", (("optimizer", "sgd"),))
ADAGRAD: Final = Trial("relu", (("optimizer", "adagrad"),))
RMSPROP_20: Final = Trial("relu", (("epochs", 20),))
CROSS_VALIDATION: Final = Measured("cross-validation")
PASSES: Final = Measured("dropout passes")


def _claim(name: str, slide: str, states: str, *comparisons: Comparison) -> Claim:
    return Claim(name, slide, states, comparisons)


def _more_accurate(
    says: str, first: Trial | Measured, second: Trial | Measured, *, above: float | None = 0.0
) -> Comparison:
    """Require that the validation accuracy of `first` exceeds that of `second` by more than `above`."""
    return Comparison(says, "validation accuracy", first, second, above)


CLAIMS: Final = (
    _claim(
        "normalising-helps",
        N_("normalising"),
        N_("Dividing the bytes 0..255 by 255 before training helps."),
        _more_accurate(N_("softmax: normalised - not"), SOFTMAX, Measured("softmax, not normalised")),
        _more_accurate(N_("adam: normalised - not"), ADAM, Measured("adam, not normalised")),
    ),
    _claim(
        "validation-is-stable",
        N_("validation set"),
        N_(
            "With many images one validation set is enough: its score comes within 0.01 of that of 5-fold "
            "cross-validation, for a fraction of the time."
        ),
        Comparison(
            N_("adam: distance between the accuracies on the validation set and of 5 folds"),
            "distance from the cross-validated accuracy",
            CROSS_VALIDATION,
            below=0.01,
        ),
        Comparison(
            N_("standard deviation between the 5 folds, each one set held out"),
            "spread of the folds",
            CROSS_VALIDATION,
            below=0.01,
        ),
        Comparison(N_("time of 5 folds / time of one validation"), "cost ratio", CROSS_VALIDATION, above=4.0),
    ),
    _claim(
        "hidden-beats-softmax",
        N_("layers"),
        N_("A hidden layer makes the network better than one layer with softmax."),
        _more_accurate(N_("hidden - softmax"), HIDDEN, SOFTMAX),
    ),
    _claim(
        "softmax-of-two-is-sigmoid",
        N_("sigmoid, softmax"),
        N_("Softmax generalises the sigmoid: for two classes they are the same."),
    ),
    _claim(
        "sparse-equals-one-hot",
        N_("one-hot"),
        N_("The loss of whole-number labels equals that of one-hot labels."),
    ),
    _claim(
        "softmax-at-least-sgd",
        N_("scikit-learn and Keras side by side"),
        N_("One Dense layer with softmax scores at least as high as SGDClassifier."),
        _more_accurate(N_("softmax - sgd"), SOFTMAX, SGD, above=-POINT),
    ),
    _claim(
        "linear-layers-are-one",
        N_("why an activation"),
        N_("Two layers without an activation between them are one layer."),
    ),
    _claim(
        "linear-is-no-better",
        N_("why an activation"),
        N_("A hidden layer without activation makes the network no more accurate than softmax alone."),
        Comparison(N_("784-100-10 without activation - softmax"), "validation accuracy", LINEAR, SOFTMAX, below=POINT),
    ),
    _claim("parameters-79510", N_("model summary"), N_("784-100-10 has 79,510 parameters.")),
    _claim("steps-1500", N_("model summary"), N_("48,000 images in batches of 32 are 1,500 steps an epoch.")),
    _claim(
        "relu-at-least-sigmoid",
        N_("ReLU"),
        N_("ReLU does well on images: at least as well as the sigmoid."),
        _more_accurate(N_("relu - hidden (sigmoid)"), RELU, HIDDEN, above=-POINT),
    ),
    _claim(
        "adaptive-beat-plain",
        N_("optimizers"),
        N_("RMSprop and Adam are good first choices: at default rates they beat SGD and Adagrad."),
        _more_accurate(N_("RMSprop - SGD, 5 epochs"), RELU, PLAIN_SGD),
        _more_accurate(N_("RMSprop - Adagrad, 5 epochs"), RELU, ADAGRAD),
        _more_accurate(N_("Adam - SGD, 5 epochs"), ADAM, PLAIN_SGD),
        _more_accurate(N_("Adam - Adagrad, 5 epochs"), ADAM, ADAGRAD),
    ),
    _claim(
        "adam-at-least-rmsprop",
        N_("optimizers"),
        N_("Adam joins momentum to RMSprop: it does at least as well."),
        _more_accurate(N_("Adam - RMSprop, 5 epochs"), ADAM, RELU, above=-POINT),
        _more_accurate(N_("Adam - RMSprop, 20 epochs"), OVERFIT, RMSPROP_20, above=-POINT),
    ),
    _claim(
        "training-on-overfits",
        N_("over- and underfitting"),
        N_("Past the best epoch the network overfits: validation loss rises while training loss falls."),
        # not 0: a rise from the lowest loss is never negative, and nearly always a little above 0
        Comparison(
            N_("overfit: rise of the validation loss from best to last"),
            "rise of the validation loss",
            OVERFIT,
            above=0.02,
        ),
        Comparison(
            N_("overfit: fall of the training loss from best to last"), "fall of the training loss", OVERFIT, above=0.0
        ),
    ),
    _claim(
        "loss-and-accuracy-disagree",
        N_("over- and underfitting"),
        N_("Loss and accuracy do not always agree which epoch was better."),
        Comparison(N_("overfit: epochs of 20 in which they disagree"), "epochs in disagreement", OVERFIT, above=0.0),
    ),
    _claim(
        "dropout-lowers-loss-and-gap",
        N_("dropout"),
        N_("Dropout holds overfitting down: a lower validation loss at the end, and a smaller gap."),
        Comparison(
            N_("validation loss after 20 epochs: dropout - without"), "validation loss", DROPOUT, OVERFIT, below=0.0
        ),
        Comparison(N_("gap after 20 epochs: dropout - without"), "gap", DROPOUT, OVERFIT, below=0.0),
    ),
    _claim("dropout-is-off-at-prediction", N_("dropout"), N_("When the network predicts, dropout does nothing.")),
    _claim(
        "passes-approach-prediction",
        N_("dropout"),
        N_("Dropout is like an ensemble: the mean of many passes with it comes close to the pass without."),
        Comparison(
            N_("accuracy: mean of 100 passes - dropout off"),
            "accuracy of the mean minus dropout off",
            PASSES,
            above=-POINT,
            below=POINT,
        ),
        Comparison(N_("distance of the mean's probabilities / one pass's"), "distance left", PASSES, below=0.5),
    ),
    _claim(
        "early-stopping-returns-the-best",
        N_("over- and underfitting"),
        N_("Early stopping gives back the weights of the epoch with the lowest validation loss."),
    ),
    _claim(
        "early-stopping-is-no-worse",
        N_("over- and underfitting"),
        N_("Stopping early is no worse than training all twenty epochs."),
        Comparison(
            N_("validation loss: early-stopping - dropout"), "validation loss", EARLY_STOPPING, DROPOUT, below=NAT
        ),
        Comparison(N_("test loss: early-stopping - dropout"), "test loss", EARLY_STOPPING, DROPOUT, below=NAT),
    ),
)
CLAIM_BY_NAME: Final = {claim.name: claim for claim in CLAIMS}
# what the computation of each exact claim compares; its results fill in the {placeholders}
COMPUTED: Final = {
    "softmax-of-two-is-sigmoid": N_("softmax of (z, 0) and sigmoid of z, z from -30 to 30"),
    "sparse-equals-one-hot": N_("both losses of {count:,} predictions"),
    "linear-layers-are-one": N_("their logits on {count:,} images, as a share of the largest"),
    "parameters-79510": N_("Keras counts {count:,}: 784 x 100 + 100 and 100 x 10 + 10"),
    "steps-1500": N_("the optimizer counts {count:,} steps"),
    "dropout-is-off-at-prediction": N_(
        "with the Dropout layer and without it, predicting; in training mode it is {on:.2f}"
    ),
    "early-stopping-returns-the-best": N_(
        "loss of the restored weights and the lowest of the history, {count:,} trainings"
    ),
}
# exact claims whose computation needs trainings
EVIDENCE_OF_EXACT: Final = {"early-stopping-returns-the-best": EARLY_STOPPING}
