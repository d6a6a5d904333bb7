"""Scores against scikit-learn's metrics and Keras' own evaluate."""

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix as sklearn_confusion
from sklearn.metrics import log_loss, precision_recall_fscore_support

from kerasnn.data.dataset import Dataset
from kerasnn.errors import ModelFileError
from kerasnn.lecture.settings import find_stage, resolve
from kerasnn.networks.architecture import design
from kerasnn.networks.builders import build, compile_model, network_of
from kerasnn.networks.classifier import in_batches, unrolled
from kerasnn.networks.evaluation import class_scores, confusion_matrix, evaluate, score
from kerasnn.networks.forward import OneVsRest
from kerasnn.training.baseline import cross_validated, train_sgd


def test_loss_and_accuracy_are_those_of_keras_evaluate(garments: Dataset) -> None:
    settings, _ = resolve(find_stage("relu"), {})
    architecture = design(settings, image_shape=(28, 28), classes=10)
    model = build(architecture)
    compile_model(model, settings)
    model.set_weights([weight * 5 for weight in model.get_weights()])  # sharper, so that losses are large too
    loss, accuracy = model.evaluate(unrolled(garments.test.images).reshape(-1, 28, 28), garments.test.labels, verbose=0)
    ours = score(network_of(model, architecture), garments.test)
    assert ours.loss == pytest.approx(loss, rel=1e-5)
    assert ours.accuracy == pytest.approx(accuracy, abs=1e-7)


def test_class_scores_and_confusion_are_scikit_learns() -> None:
    random = np.random.RandomState(0)
    truth, answers = random.randint(0, 4, 300).astype(np.int32), random.randint(0, 3, 300)
    matrix = confusion_matrix(truth, answers, 5)  # class 3 never answered, class 4 not there at all
    assert (matrix == sklearn_confusion(truth, answers, labels=range(5))).all()
    theirs = precision_recall_fscore_support(truth, answers, labels=range(5), zero_division=0)
    ours = class_scores(matrix, tuple("abcde"))
    for row, expected in zip(ours, zip(*theirs, strict=True), strict=True):
        assert (row.precision, row.recall, row.f1, row.support) == pytest.approx(expected)


def test_an_evaluation_names_pairs_and_mistakes(tiny: Dataset) -> None:
    settings, _ = resolve(find_stage("sgd"), {})
    model, _ = train_sgd(settings, tiny)
    blurred = OneVsRest(model.coefficients * 0.1, model.intercepts + np.array([1, 0, 0], np.float32))
    found = evaluate(blurred, tiny, model="blurred", path="nowhere")
    logarithms = in_batches(tiny.test.images, blurred)
    assert found.test.loss == pytest.approx(log_loss(tiny.test.labels, np.exp(logarithms)), rel=1e-5)
    assert sum(map(sum, found.confusion)) == len(tiny.test)
    wrong = [row for row in range(len(tiny.test)) if logarithms[row].argmax() != tiny.test.labels[row]]
    assert wrong
    assert {mistake.index for mistake in found.mistakes} == set(wrong[:20])
    costs = [mistake.truth_probability for mistake in found.mistakes]
    assert costs == sorted(costs)
    for pair in found.confused:
        assert found.confusion[tiny.info.classes.index(pair.truth)][tiny.info.classes.index(pair.answer)] == pair.count


def test_a_model_of_other_classes_is_refused(tiny: Dataset) -> None:
    with pytest.raises(ModelFileError, match="distinguishes 2 classes, but stripes has 3"):
        evaluate(OneVsRest(np.zeros((2, 36), np.float32), np.zeros(2, np.float32)), tiny, model="m", path="p")


def test_two_classes_and_a_missing_class_train_with_scikit_learn(tiny: Dataset) -> None:
    settings, _ = resolve(find_stage("sgd"), {})
    for seen in ((0, 2), (0, 1, 2)):
        keep = np.isin(tiny.train.labels, seen)
        part = type(tiny.train)(tiny.train.images[keep], tiny.train.labels[keep])
        data = Dataset(tiny.info, part, part, part)
        model, training = train_sgd(settings, data)
        assert score(model, part).accuracy > 0.9
        assert training.history == ()


def test_cross_validation_is_repeatable(tiny: Dataset) -> None:
    settings, _ = resolve(find_stage("sgd"), {})
    first, second = (cross_validated(settings, tiny, 4) for _ in range(2))
    assert (first.accuracy, first.spread, first.folds) == (second.accuracy, second.spread, 4)
    assert 0 <= first.accuracy <= 1
