"""The ten classes of Fashion-MNIST in the order of their labels 0..9, in English and in the lecture's Korean."""

from typing import Final

from kerasnn.language import language

ENGLISH: Final = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
KOREAN: Final = (
    "티셔츠",
    "바지",
    "스웨터",
    "드레스",
    "코트",
    "샌달",
    "셔츠",
    "스니커즈",
    "가방",
    "앵클 부츠",
)


def in_language(names: tuple[str, ...]) -> tuple[str, ...]:
    """Translate Fashion-MNIST's class names to the current language; leave any others as they are."""
    return KOREAN if language() == "ko" and names == ENGLISH else names
