"""The terms of the slides in both languages, and the matrix product behind a layer, timed."""

import timeit
from collections.abc import Callable
from typing import Final

import numpy as np

from kerasnn.language import N_, _
from kerasnn.lessons.context import Context
from kerasnn.lessons.parts import bars, check, section, table
from kerasnn.records import Explanation, Section

TERMS: Final = (
    ("AI", "Artificial Intelligence", "인공지능", N_("programs that do what seems to need intelligence")),
    ("ML", "Machine Learning", "머신러닝", N_("AI that learns from data: 'sgd', and all stages here")),
    ("DL", "Deep Learning", "딥러닝", N_("ML with neural networks of several layers")),
    ("ANN, NN", "Artificial Neural Network", "인공 신경망", N_("units in layers: every stage but 'sgd'")),
    ("DNN", "Deep Neural Network", "심층 신경망", N_("with hidden layers: 'hidden' and all after it")),
    ("SLP", "Single-Layer Perceptron", "단층 퍼셉트론", N_("one layer of units: 'softmax'")),
    ("MLP", "Multi-Layer Perceptron", "다층 퍼셉트론", N_("fully connected, with hidden layers: 'relu'")),
    ("node, unit", "node, unit", "노드, 유닛", N_("one circle: linear function, then activation")),
    ("weight", "weight", "가중치", N_("what an input is multiplied by: w")),
    ("bias", "bias, intercept", "절편", N_("what is added to the sum: b")),
    ("FC, Dense", "fully connected layer", "완전 연결층, 밀집층", N_("every unit sees every value before it")),
    ("", "hidden layer", "은닉층", N_("a layer between input and output")),
    ("", "activation function", "활성화 함수", N_("makes sums into outputs: sigmoid, ReLU, softmax")),
    ("", "loss function", "손실 함수", N_("what training lowers")),
    ("", "optimizer", "옵티마이저", N_("the rule by which weights change")),
    ("", "validation set", "검증 세트", N_("images put aside to judge by while choosing")),
    ("", "one-hot encoding", "원-핫 인코딩", N_("a label as a vector with a single 1")),
    ("", "epoch", "에포크", N_("one pass over all training images")),
    ("", "mini-batch", "미니배치", N_("the few images one step learns from")),
    ("CPU", "Central Processing Unit", "중앙 처리 장치", N_("few fast cores, for anything")),
    ("GPU", "Graphics Processing Unit", "그래픽 처리 장치", N_("thousands of small cores, for matrix arithmetic")),
)
LIBRARIES: Final = (
    ("scikit-learn", "사이킷런", N_("machine learning"), N_("stage 'sgd', compare-sklearn")),
    ("TensorFlow (Keras)", "텐서플로(케라스)", N_("deep learning"), N_("all other stages")),
    ("PyTorch", "파이토치", N_("deep learning"), N_("the most used in 2023, says the slide; Keras 3 runs on it, too")),
)
SIZE: Final = 512  # of the matrices that NumPy multiplies
LOOPED: Final = 24  # of those that three loops in Python multiply
BATCH: Final = 32

ANSWER: Final = N_(
    "'Deep' counts layers, nothing else. 'softmax' has one layer of units and is a single-layer perceptron: a neural "
    "network, but not a deep one. The slide says loosely that ANN is also called DL; usually only those with "
    "several layers are."
)
MEASURED: Final = N_(
    "A layer's sums for a whole batch are one product of two matrices. A processor computes it fastest by doing many "
    "multiplications at once; a GPU does thousands. Measured just now with one thread of this machine's CPU; 'kerasnn "
    "doctor' measures the devices of TensorFlow, a GPU included:"
)


def explain(context: Context) -> Explanation:
    """Explain the terms. Source: lecture, "AI / ML / DL, ANN, DNN, SLP, MLP, GPU" and "libraries"."""
    terms = [(short, english, korean, _(meaning)) for short, english, korean, meaning in TERMS]
    libraries = [(name, korean, _(use), _(here)) for name, korean, use, here in LIBRARIES]
    return context.explained(
        section(
            _("The terms, in both languages"),
            table(_("Glossary"), (_("short"), _("English"), _("Korean"), _("in kerasnn")), terms),
        ),
        section(
            _("The libraries"),
            table(_("Of the slides"), (_("library"), _("Korean"), _("for"), _("in kerasnn")), libraries),
        ),
        _products(),
        question=_("Does 'deep' mean that a network knows a lot? And is the stage 'softmax' deep learning?"),
        answer=_(ANSWER),
        on_image=False,
    )


def _products() -> Section:
    """Time matrix products: by hand, by NumPy, and that of a layer for a batch."""
    random = np.random.default_rng(42)
    left, right = random.random((2, LOOPED, LOOPED)).astype(np.float32)
    square = random.random((SIZE, SIZE)).astype(np.float32)
    images, kernel = random.random((BATCH, 784)).astype(np.float32), random.random((784, 100)).astype(np.float32)
    lists = left.tolist(), right.tolist()
    timed = [  # each entry of a product takes as many multiplications as additions, so twice the sizes multiplied
        (
            _("three loops in Python, {size} x {size}", size=LOOPED),
            2 * LOOPED**3,
            _seconds(lambda: _by_hand(*lists), 1),
        ),
        (_("NumPy, {size} x {size}", size=SIZE), 2 * SIZE**3, _seconds(lambda: square @ square)),
        (
            _("the hidden layer for 32 images, (32, 784) x (784, 100)"),
            2 * BATCH * 784 * 100,
            _seconds(lambda: images @ kernel),
        ),
    ]
    rows = [(name, count, seconds * 1e3, count / seconds / 1e9) for name, count, seconds in timed]
    columns = (_("product"), _("operations"), _("milliseconds"), _("billions a second"))
    labels = (_("loops"), "NumPy", _("layer"))
    return section(
        _("Matrix arithmetic, measured on this machine"),
        _(MEASURED),
        table(_("Multiplications and additions"), columns, rows, digits=3),
        check("product", (_("three loops"), _by_hand(*lists)), (_("NumPy"), left @ right)),
        bars("speed", _("Billions of operations a second"), labels, (row[-1] for row in rows), digits=3),
    )


def _by_hand(left: list[list[float]], right: list[list[float]]) -> list[list[float]]:
    """Multiply row by column, as it is taught."""
    columns = list(zip(*right, strict=True))
    return [[sum(a * b for a, b in zip(row, column, strict=True)) for column in columns] for row in left]


def _seconds(action: Callable[[], object], repeats: int = 5) -> float:
    return min(timeit.repeat(action, number=1, repeat=repeats))  # the fastest: nothing else got in its way
