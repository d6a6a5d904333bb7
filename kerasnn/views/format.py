"""Numbers and lists as text."""

from collections.abc import Mapping, Sequence
from typing import Any

from kerasnn.language import N_, _, language, ngettext
from kerasnn.lecture import classes
from kerasnn.lecture.hyperparameters import HYPERPARAMETER_BY_NAME, format_value
from kerasnn.lecture.published import PublishedRange
from kerasnn.records import Confusion, DatasetInfo, Prediction


def accuracy(value: float | None) -> str:
    """A fraction with four digits, as the lecture prints accuracies."""
    return "" if value is None else f"{value:.4f}"


def loss(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"


def seconds(value: float) -> str:
    """A duration: below ten seconds with a digit, from two minutes on in minutes."""
    if value >= 120:
        return _("{minutes:.0f} min {seconds:.0f} s", minutes=value // 60, seconds=value % 60)
    return _("{seconds} s", seconds=f"{value:.1f}" if value < 10 else f"{value:.0f}")


def listing(items: Sequence[object]) -> str:
    """`1`, `1 and 2`, `1, 2 and 3`."""
    words = [str(item) for item in items]
    if len(words) < 2:
        return "".join(words)
    return _("{items} and {last}", items=", ".join(words[:-1]), last=words[-1])


def shape(sizes: Sequence[int | None]) -> str:
    """A shape as Keras prints it."""
    return f"({', '.join(map(str, sizes))}{',' if len(sizes) == 1 else ''})"


def published(value: PublishedRange) -> str:
    return _("{low:.4f} to {high:.4f}", low=value.low, high=value.high)


def dataset(info: DatasetInfo) -> str:
    """One line: which images, and how many of each part."""
    return _(
        "{name}: {train:,} to learn from, {validation:,} to validate, {test:,} to test",
        name=info.name,
        train=info.train,
        validation=info.validation,
        test=info.test,
    )


def seeds(numbers: Sequence[int]) -> str:
    """`seed 42`, `5 seeds from 42 to 46`, `seeds 1, 5 and 7`."""
    if len(numbers) == 1:
        return _("seed {number}", number=numbers[0])
    if list(numbers) == list(range(numbers[0], numbers[0] + len(numbers))):
        return _("{count} seeds from {first} to {last}", count=len(numbers), first=numbers[0], last=numbers[-1])
    return _("seeds {numbers}", numbers=listing(numbers))


def study_done(trained: int, outcomes: int, seconds_taken: float, folder: str) -> str:
    """`35 trainings in 1 min 18 s, 5 were there already; kept in reproduction.`"""
    before = outcomes - trained
    return ngettext(
        "{count} training in {seconds}{before}; kept in {folder}.",
        "{count} trainings in {seconds}{before}; kept in {folder}.",
        trained,
        seconds=seconds(seconds_taken),
        before=_(", {count} were there already", count=before) if before else "",
        folder=folder,
    )


# names of a run's environment that `setting` may be asked for
ENVIRONMENT = (N_("engine"), N_("dataset"), N_("device"), N_("threads"), N_("platform"))
STAND_IN = N_(
    "Made with 'garments', pictures drawn by kerasnn in place of Fashion-MNIST: no figure here compares with the "
    "lecture's."
)


def setting(name: str) -> str:
    """Return the label of a hyperparameter, or of something in a run's environment, from its name in records."""
    row = HYPERPARAMETER_BY_NAME.get(name)
    return _(row.label if row else name.replace("_", " "))


def settings(values: Mapping[str, Any]) -> str:
    """Return `hidden units 100 50, learning rate 0.003`: settings by their names in records."""
    return ", ".join(f"{setting(name)} {format_value(each)}" for name, each in values.items())


def image(prediction: Prediction) -> str:
    """Name the image that was predicted: a file by its path, a test image by its number."""
    if prediction.index is None or prediction.dataset is None:
        return prediction.image
    name = _("test image {number}", number=prediction.index)
    return f"{prediction.dataset.name} {name}" if prediction.dataset.stand_in else name


def confused(pair: Confusion) -> str:
    """`Shirt taken for T-shirt/top: 12 times, 6.0% of them`."""
    return _(
        "{truth} taken for {answer}: {count} times, {share:.1%} of them",
        truth=class_name(pair.truth),
        answer=class_name(pair.answer),
        count=pair.count,
        share=pair.share,
    )


def class_name(name: str) -> str:
    """A class of Fashion-MNIST in the language spoken; any other as it is called."""
    known = language() == "ko" and name in classes.ENGLISH
    return classes.KOREAN[classes.ENGLISH.index(name)] if known else name
