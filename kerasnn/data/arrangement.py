"""Tell how the folders of a data set of pictures are arranged: which are parts, which classes, which only around them.

A folder is given as the names of those that it lies in and its own, the outermost first.
"""

from collections import defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kerasnn.data.part_names import TRAIN, part_of
from kerasnn.errors import DataError
from kerasnn.files.untrusted import visible
from kerasnn.language import _

DEEPEST: Final = 2  # folders from that of a class to a picture

Folders = tuple[str, ...]


@dataclass(frozen=True)
class Arrangement:
    """`around`: the folder around all others. `roots`: those that hold the folders of classes, and the part of each.

    `inside`: the folders of the parts lie in those of the classes.
    """

    around: Folders
    roots: Mapping[Folders, str]
    inside: bool

    def root(self, folder: Folders) -> Folders | None:
        """Return the one of `roots` that `folder` is or lies in; None if there is none."""
        return next((root for root in self.roots if folder[: len(root)] == root), None)

    def class_folder(self, folder: Folders) -> str | None:
        """Return the name of the class' folder that `folder` is or lies in; None if there is none."""
        root = self.root(folder)
        return folder[len(root)] if root is not None and len(folder) > len(root) else None

    def part(self, folder: Folders) -> str | None:
        """Return the part of the pictures in `folder`; None if these are of no class."""
        root = self.root(folder)
        if root is None or not len(root) < len(folder) <= len(root) + DEEPEST + self.inside:
            return None
        return part_of(folder[len(root) + 1]) if self.inside else self.roots[root]

    def empty(self, folders: Set[Folders], pictures: Set[Folders]) -> set[str]:
        """Return the names of the classes' folders among `folders` that hold no pictures, in any part."""
        found, full = ({self.class_folder(each) for each in some} for some in (folders, pictures))
        return {name for name in found - full if name}

    def shared(self, pictures: Set[Folders]) -> set[str]:
        """Return the names of the folders that each class has its pictures in: perhaps they are the classes."""
        found: dict[str | None, set[str]] = defaultdict(set)
        for folder in pictures:
            if (name := self.class_folder(folder)) is not None:
                found[name].add("/".join(folder[len(self.root(folder) or ()) + 1 :][:1]))
        first, *others = found.values() or [set[str]()]
        is_shared = not self.inside and others and all(each == first for each in others) and "" not in first
        return first if is_shared and len(first) > 1 else set()


def arrange(path: Path, pictures: Set[Folders]) -> Arrangement:
    """Return how the folders in `path` are arranged, of which `pictures` hold some. Raises: DataError if unclear."""
    around: Folders = ()
    while (alone := _alone(pictures, around)) and alone not in pictures:
        if part_of(alone[-1]) and not _parts(pictures, alone):
            break
        around = alone
    parts = _parts(pictures, around)
    if parts:
        return Arrangement(around, _inner(pictures, parts), inside=False)
    return Arrangement(around, {around: TRAIN}, _has_parts_inside(path, pictures, around))


def _alone(pictures: Set[Folders], folder: Folders) -> Folders | None:
    """Return the only folder in `folder` that holds pictures or folders of them; None if there are more, or none."""
    depth = len(folder)
    below = {each[: depth + 1] for each in pictures if len(each) > depth and each[:depth] == folder}
    return below.pop() if len(below) == 1 else None


def _parts(pictures: Set[Folders], around: Folders) -> dict[Folders, str]:
    """Return the part that each folder in `around` holds; none if these are the folders of the classes."""
    depth = len(around)
    found: dict[Folders, str] = {}
    # without folders in it, it is a class: of things that are called so, such as trains
    for folder in sorted({each[: depth + 1] for each in pictures if len(each) > depth + 1}):
        part = part_of(folder[-1])
        if part and part not in found.values():
            found[folder] = part
    return found if TRAIN in found.values() else {}


def _inner(pictures: Set[Folders], parts: dict[Folders, str]) -> dict[Folders, str]:
    """Return the folders of the parts, or those alone in them: each has one, or it is called like its part."""
    while True:
        alone = {folder: _alone(pictures, folder) for folder in parts}
        all_alone = all(each and each not in pictures for each in alone.values())
        deeper: dict[Folders, str] = {}
        for folder, part in parts.items():
            each = alone[folder]
            deeper[each if each and (all_alone or part_of(each[-1]) == part) else folder] = part
        if deeper == parts:
            return parts
        parts = deeper


def _has_parts_inside(path: Path, pictures: Set[Folders], around: Folders) -> bool:
    """Return True if each picture lies in a folder of its part in that of its class. Raises: DataError if unclear."""
    depth = len(around) + 1
    names = {each[depth] if len(each) > depth else "" for each in pictures if len(each) >= depth}
    told = {name: part_of(name) for name in sorted(names)}
    parts = set(told.values())
    if parts <= {None, TRAIN} or len(parts) == 1:
        return False
    if None not in parts and TRAIN in parts:
        return True
    name = next(name for name, part in told.items() if part not in (None, TRAIN))
    raise DataError(
        _(
            "{path}: folders of classes hold folders such as {name}: it is not clear which pictures are for training",
            path=path,
            name=visible(name),
        ),
        expected=_("train/CLASS and test/CLASS, or CLASS/train and CLASS/test, for all pictures"),
        hint=_("move each picture into such a folder, or rename the folder {name}", name=visible(name)),
    )
