"""Tell from the name of a folder or a file which part of a data set it holds."""

import re
from typing import Final

from kerasnn.errors import composed

TRAIN, VALIDATION, TEST = "train", "validation", "test"
# a Korean name may go on without a space; 훈련복, clothes to train in, is none
_ENGLISH: Final = "(?:set|data|images?|pictures?)?"
_KOREAN: Final = "(?:용|데이터|자료|이미지|사진|그림|세트|셋|집합|폴더)*"
PARTS: Final = {
    TRAIN: re.compile(f"train(?:ing)?{_ENGLISH}|(?:훈련|학습|트레인|트레이닝){_KOREAN}"),
    TEST: re.compile(f"test(?:ing)?{_ENGLISH}|(?:테스트|시험|평가){_KOREAN}"),
    VALIDATION: re.compile(f"val(?:id(?:ation)?)?{_ENGLISH}|검증{_KOREAN}"),
}


def part_of(name: str) -> str | None:
    """Return which part is called so: `train`, `test` or `validation`; None if the name tells none."""
    words = re.split(r"[\W\d_]+", composed(name).casefold())
    return next((part for part, names in PARTS.items() if any(map(names.fullmatch, words))), None)
