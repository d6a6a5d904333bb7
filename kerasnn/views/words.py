"""Numbers and lists as text."""

from collections.abc import Sequence

from kerasnn.lecture.published import PublishedRange
from kerasnn.records import DatasetInfo


def accuracy(value: float | None) -> str:
    """A fraction with four digits, as the lecture prints accuracies."""
    return "" if value is None else f"{value:.4f}"


def loss(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"


def seconds(value: float) -> str:
    """A duration: below ten seconds with a digit, from two minutes on in minutes."""
    if value >= 120:
        return f"{value // 60:.0f} min {value % 60:.0f} s"
    return f"{value:.1f} s" if value < 10 else f"{value:.0f} s"


def listing(items: Sequence[object]) -> str:
    """`1`, `1 and 2`, `1, 2 and 3`."""
    words = [str(item) for item in items]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def shape(sizes: Sequence[int | None]) -> str:
    """A shape as Keras prints it."""
    return f"({', '.join(map(str, sizes))}{',' if len(sizes) == 1 else ''})"


def published(value: PublishedRange) -> str:
    return f"{value.low:.4f} to {value.high:.4f}"


def dataset(info: DatasetInfo) -> str:
    """One line: which images, and how many of each part."""
    parts = f"{info.train:,} to learn from, {info.validation:,} to validate, {info.test:,} to test"
    return f"{info.name}: {parts}"


def seeds(numbers: Sequence[int]) -> str:
    """`seed 42`, `5 seeds from 42 to 46`, `seeds 1, 5 and 7`."""
    if len(numbers) == 1:
        return f"seed {numbers[0]}"
    if list(numbers) == list(range(numbers[0], numbers[0] + len(numbers))):
        return f"{len(numbers)} seeds from {numbers[0]} to {numbers[-1]}"
    return f"seeds {listing(numbers)}"


STAND_IN = (
    "Made with 'garments', pictures drawn by kerasnn in place of Fashion-MNIST: no figure here compares with the "
    "lecture's."
)
