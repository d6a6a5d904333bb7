"""Tell from the names that people give their arrays which hold images, which labels, and of which part."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Final

from kerasnn.data.copies import unmarked
from kerasnn.data.part_names import TEST, TRAIN, VALIDATION
from kerasnn.errors import DataError
from kerasnn.language import _

Shape = tuple[int, ...]
Role = tuple[str, str]  # part, and images or labels

_PART: Final = {"train": TRAIN, "tr": TRAIN, "test": TEST, "te": TEST, "val": VALIDATION, "dev": VALIDATION}
_PARTS: Final = r"train(?:ing)?|tr|test(?:ing)?|te|val(?:id(?:ation)?)?|dev"
_IMAGES: Final = "images?|imgs?|pictures?|pixels?|data|features?|inputs?|samples?|x"
_LABELS: Final = "labels?|lbls?|targets?|class(?:es)?|outputs?|y"
_PREPARED: Final = "scaled|norm(?:ali[sz]ed)?"  # images, as `train_scaled` of the lecture
_ROLE: Final = re.compile(
    f"(?P<before>{_PARTS})?(?:set|data)?(?:(?P<images>{_IMAGES})|(?P<labels>{_LABELS}))?(?P<after>{_PARTS})?"
    f"(?P<prepared>{_PREPARED})?"
)
_CLASS_NAMES: Final = re.compile("(?:class|label|target|category)(?:es|s)?names?|names|categories")
_NUMBERED: Final = re.compile(r"arr_\d+")  # as numpy.savez calls arrays without a name
SHOWN: Final = 8  # arrays in a message
_BY_POSITION: Final = {2: (TRAIN,), 4: (TRAIN, TEST)}  # number of arrays whose names say nothing: the parts they hold


@dataclass(frozen=True)
class Roles:
    """`parts`: the names of the images' and the labels' array of each part. `class_names`: of the array of these.

    `assumed`: True if the arrays' sizes and order told, because their names do not.
    """

    parts: Mapping[str, tuple[str, str]]
    class_names: str | None = None
    assumed: bool = False


def find_roles(shapes: Mapping[str, Shape], where: str) -> Roles:
    """Return what the arrays called and shaped as in `shapes` are for.

    Raises: DataError if that is not sure, or the training images or any labels are missing.
    """
    found, class_names = _roles_of({name: name for name in shapes}, shapes, where)
    if not found:  # mnist_x_train, mnist_y_train, ...
        found, class_names = _roles_of(_without_beginning(shapes), shapes, where)
    if not found:
        return _by_position(shapes, where)
    return Roles(_in_pairs(found, shapes, where), class_names)


def _roles_of(names: Mapping[str, str], shapes: Mapping[str, Shape], where: str) -> tuple[dict[Role, str], str | None]:
    """Return the arrays by part and kind, and that of the class names; `names`: as which each of them is read."""
    plain = {name: re.sub(r"[\W_]", "", unmarked(text)).lower() for name, text in names.items()}
    class_names = next((name for name in plain if _CLASS_NAMES.fullmatch(plain[name])), None)
    class_names = class_names or next((name for name in plain if _lists_classes(name, plain[name], shapes)), None)
    matches = {name: _ROLE.fullmatch(text) for name, text in plain.items() if text and name != class_names}
    plainly, prepared = (
        {name: each for name, each in matches.items() if each and bool(each["prepared"]) == is_prepared}
        for is_prepared in (False, True)
    )
    found = _found(plainly, shapes, where)  # `x_train_scaled` beside `x_train` is not needed
    needed = {name: match for name, match in prepared.items() if not found.keys() & _roles(match)}
    return found | _found(needed, shapes, where), class_names


def _lists_classes(name: str, plain: str, shapes: Mapping[str, Shape]) -> bool:
    """Return True for `classes` with another length than all other arrays: the labels have that of the images."""
    others = [shape for other, shape in shapes.items() if other != name]
    return plain == "classes" and len(shapes[name]) == 1 and all(shape[:1] != shapes[name] for shape in others)


def _found(matches: Mapping[str, re.Match[str]], shapes: Mapping[str, Shape], where: str) -> dict[Role, str]:
    found: dict[Role, str] = {}
    for name, match in matches.items():
        roles = _roles(match)
        role = roles.pop()
        one = _same(found.get(role, name), name, shapes)
        if roles or one is None:
            hint = _("keep one array of labels for each part; names of the classes go into one called class_names")
            raise _unclear(
                shapes,
                _("{where}: it is not clear what {name} is", where=where, name=name),
                hint if match["labels"] else None,
            )
        found[role] = one
    return found


def _roles(match: re.Match[str]) -> set[Role]:
    """Return part and kind of the array with such a name; several, if it names two parts."""
    kind = "labels" if match["labels"] else "images"  # `train` alone, too
    return {(_part_of(text), kind) for text in (match["before"], match["after"]) if text} or {(TRAIN, kind)}


def _same(one: str, other: str, shapes: Mapping[str, Shape]) -> str | None:
    """Return the one of two arrays that has more axes, if they may hold the same: scikit-learn's digits are so."""
    axes = [(shapes[name][:1], prod(shapes[name])) for name in (one, other)]
    if one != other and (axes[0] != axes[1] or len(shapes[one]) == len(shapes[other])):
        return None
    return max(one, other, key=lambda name: len(shapes[name]))


def _without_beginning(shapes: Mapping[str, Shape]) -> dict[str, str]:
    """Return the names without the words with which all of them begin."""
    words = {name: re.split(r"[\W_]+", name) for name in shapes}
    same = [len(set(column)) == 1 for column in zip(*words.values(), strict=False)]
    begun = [*same, False].index(False)
    return {name: "_".join(each[begun:]) for name, each in words.items()}


def _part_of(text: str) -> str:
    return next(part for start, part in _PART.items() if text.startswith(start))


def _in_pairs(found: Mapping[Role, str], shapes: Mapping[str, Shape], where: str) -> dict[str, tuple[str, str]]:
    pairs = {}
    for part in (TRAIN, VALIDATION, TEST):
        images, labels = found.get((part, "images")), found.get((part, "labels"))
        if images and labels:
            pairs[part] = (images, labels)
        elif images:
            raise _unclear(shapes, _("{where} has no labels for {name}", where=where, name=images))
        elif labels:
            raise _unclear(shapes, _("{where} has no images for {name}", where=where, name=labels))
    if TRAIN not in pairs:
        raise _unclear(shapes, _("{where} has no training images", where=where))
    return pairs


def _by_position(shapes: Mapping[str, Shape], where: str) -> Roles:
    """Return the roles of arrays without telling names, such as arr_0: those of images have more values in a row."""
    in_order = sorted((name for name, shape in shapes.items() if shape), key=lambda name: (len(name), name))
    by_size = sorted(in_order, key=lambda name: -prod(shapes[name][1:]))
    half = len(in_order) // 2
    images, labels = ([name for name in in_order if name in chosen] for chosen in (by_size[:half], by_size[half:]))
    pairs = list(zip(images, labels, strict=False))
    told = (
        len(in_order) in _BY_POSITION
        and (half == 1 or all(map(_NUMBERED.fullmatch, in_order)))
        and prod(shapes[by_size[half - 1]][1:]) > prod(shapes[by_size[half]][1:])
        and all(shapes[one][0] == shapes[other][0] for one, other in pairs)
    )
    if not told:
        raise _unclear(shapes, _("{where}: it is not clear which array is which", where=where))
    return Roles(dict(zip(_BY_POSITION[len(in_order)], pairs, strict=True)), assumed=True)


def _unclear(shapes: Mapping[str, Shape], message: str, hint: str | None = None) -> DataError:
    shown = [f"{name} {shape}" for name, shape in shapes.items()][:SHOWN]
    return DataError(
        message + _("; its arrays: {arrays}", arrays=", ".join(shown) or _("none")),
        expected=_("arrays called x_train, y_train, x_test and y_test, or x and y, or similar"),
        hint=hint or _("write it again: numpy.savez(path, x_train=..., y_train=..., x_test=..., y_test=...)"),
    )
