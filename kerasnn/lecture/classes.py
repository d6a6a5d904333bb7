"""The ten classes of Fashion-MNIST in the order of their labels 0..9, in English and in the lecture's Korean."""

from typing import Final

from kerasnn.language import language

_CLASSES: Final = {
    "T-shirt/top": "티셔츠",
    "Trouser": "바지",
    "Pullover": "스웨터",
    "Dress": "드레스",
    "Coat": "코트",
    "Sandal": "샌달",
    "Shirt": "셔츠",
    "Sneaker": "스니커즈",
    "Bag": "가방",
    "Ankle boot": "앵클 부츠",
}
ENGLISH: Final = tuple(_CLASSES)
KOREAN: Final = tuple(_CLASSES.values())


def in_language(names: tuple[str, ...]) -> tuple[str, ...]:
    """Translate Fashion-MNIST's class names to the current language; leave any others as they are."""
    # `names == ENGLISH`: a user's own data set keeps its names
    return KOREAN if language() == "ko" and names == ENGLISH else names
