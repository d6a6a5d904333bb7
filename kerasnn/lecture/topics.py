"""The ideas that the slides explain, in the order of the lecture.

To add a topic, add a row to TOPICS and a module to `kerasnn.lessons` that has the topic's name.
"""

from dataclasses import dataclass
from typing import Final

from kerasnn.language import N_


@dataclass(frozen=True, kw_only=True)
class Topic:
    """An idea of the lecture. `aliases`: what else it is called; its title is a name too, in either language.

    `statement`: what the slide says, in our own words. `model`: the stage whose reference model the lesson uses unless
    the user names another one; None if it needs none. `after`: the stage after which the tour explains it; None means
    at the start.
    """

    name: str
    title: str
    aliases: tuple[str, ...] = ()
    statement: str
    model: str | None = None
    after: str | None = None

    @property
    def lesson(self) -> str:
        """The name of the module in `kerasnn.lessons` that explains it."""
        return self.name.replace("-", "_")  # a module's name has no hyphen


TOPICS: Final = (
    Topic(
        name="normalize",
        title=N_("Normalising the pixels"),
        aliases=("normalise", "normalization", "정규화"),
        statement=N_(
            "A pixel is a whole number from 0 to 255. Divided by 255 it lies between 0 and 1: that is "
            "normalising, not standardising, and it is how images are usually prepared."
        ),
        model="softmax",
    ),
    Topic(
        name="linear",
        title=N_("The linear equation of a class"),
        aliases=("선형", "선형 방정식"),
        statement=N_(
            "The image becomes one row of 784 pixels. Every class has 784 weights and a bias of its own, and "
            "gets z = w1 x1 + ... + w784 x784 + b; softmax makes the ten z into probabilities."
        ),
        model="softmax",
        after="softmax",
    ),
    Topic(
        name="glossary",
        title=N_("The words of the field"),
        aliases=("용어",),
        statement=N_(
            "Artificial intelligence includes machine learning, machine learning includes deep learning, and deep "
            "learning is neural networks of several layers. Its libraries compute on GPUs, which are good at "
            "matrix arithmetic."
        ),
        after="sgd",
    ),
    Topic(
        name="neuron",
        title=N_("One neuron, opened"),
        aliases=("뉴런",),
        statement=N_(
            "An artificial neuron is drawn after one in the brain: dendrites are its inputs, the cell body "
            "its linear function and its activation function, the axon its output."
        ),
        model="relu",
        after="sgd",
    ),
    Topic(
        name="validation",
        title=N_("A validation set instead of cross-validation"),
        aliases=("교차 검증", "검증 세트", "검증"),
        statement=N_(
            "Deep learning puts a validation set aside instead of cross-validating: there are images enough "
            "for a steady score, and training several times takes too long."
        ),
        after="sgd",
    ),
    Topic(
        name="layers",
        title=N_("Input, hidden and output layers"),
        aliases=("층", "은닉층"),
        statement=N_(
            "What lies between input and output is a hidden layer. A Dense layer is fully connected: every "
            "unit sees every value before it. Not every hidden layer has to be fully "
            "connected."
        ),
        model="relu",
        after="sgd",
    ),
    Topic(
        name="sigmoid-softmax",
        title=N_("Sigmoid and softmax"),
        aliases=("sigmoid", "softmax", "시그모이드", "소프트맥스"),
        statement=N_(
            "Sigmoid makes one z into the probability of yes; softmax generalises it and makes the z of "
            "several classes into probabilities that add up to 1."
        ),
        model="softmax",
        after="sgd",
    ),
    Topic(
        name="one-hot",
        title=N_("One-hot encoding"),
        aliases=("원핫 인코딩", "원핫"),
        statement=N_(
            "The right answer is written not as the number 2 but as ten numbers of which the one at place 2, "
            "counted from 0, is 1 and all others are 0."
        ),
        model="softmax",
        after="sgd",
    ),
    Topic(
        name="collapse",
        title=N_("Why hidden layers need an activation function"),
        aliases=("activation", "활성화 함수"),
        statement=N_(
            "a x 4 + 2 = b and b x 3 - 5 = c are together a x 12 + 1 = c: of two linear equations in a row "
            "one would do. Only if a nonlinear function bends the result in between does the first have a part to play."
        ),
        after="softmax",
    ),
    Topic(
        name="summary",
        title=N_("The model's summary"),
        aliases=("요약",),
        statement=N_(
            "The summary lists each layer's output shape and parameters. None stands for the batch, for the "
            "number of images is not fixed; training takes them in mini-batches."
        ),
        model="hidden",
        after="hidden",
    ),
    Topic(
        name="parameters",
        title=N_("Counting parameters"),
        aliases=("파라미터", "매개변수"),
        statement=N_(
            "A Dense layer has as many parameters as units before it times units in it, plus one bias per unit: 784 x "
            "100 + 100 = 78,500 and 100 x 10 + 10 = 1,010, together 79,510."
        ),
        model="hidden",
        after="hidden",
    ),
    Topic(
        name="relu",
        title=N_("ReLU"),
        aliases=("렐루",),
        statement=N_("ReLU gives z where z is above 0, and 0 where it is below. It is known to do well on images."),
        model="relu",
        after="relu",
    ),
    Topic(
        name="hyperparameters",
        title=N_("Hyperparameters"),
        aliases=("하이퍼 파라미터",),
        statement=N_(
            "What the user chooses and training does not learn: how many hidden layers and units, activation "
            "and kind of layer, batch size, epochs, optimizer and its learning rate."
        ),
        model="dropout",
        after="relu",
    ),
    Topic(
        name="optimizers",
        title=N_("Optimizers"),
        aliases=("optimizer", "optimiser", "옵티마이저", "최적화"),
        statement=N_(
            "Keras offers SGD, which takes mini-batches in spite of its name, Adagrad, RMSprop (the default) "
            "and Adam. The last three adapt the learning rate; RMSprop and Adam are good first choices."
        ),
        after="relu",
    ),
    Topic(
        name="overfitting",
        title=N_("Overfitting and underfitting"),
        aliases=("underfitting", "overfit", "과대적합", "과소적합", "과적합"),
        statement=N_(
            "Judge a network by its loss rather than by its accuracy: the loss is what training lowers, and "
            "accuracy does not always rise when the loss falls."
        ),
        model="overfit",
        after="overfit",
    ),
    Topic(
        name="dropout",
        title=N_("Dropout"),
        aliases=("드롭 아웃",),
        statement=N_(
            "While training, some units of a layer are switched off at random: they put out 0, and the shape "
            "stays. It is like an ensemble and reduces overfitting. For predicting, dropout is off."
        ),
        model="dropout",
        after="dropout",
    ),
    Topic(
        name="argmax",
        title=N_("argmax and its axis"),
        statement=N_(
            "argmax gives the place of the largest value: axis=0 goes down each column, axis=1 along each "
            "row, axis=-1 along the last axis, whatever the number of axes."
        ),
        model="early-stopping",
        after="early-stopping",
    ),
)
TOPIC_BY_NAME: Final = {topic.name: topic for topic in TOPICS}
