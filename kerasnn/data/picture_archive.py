"""A data set as a zip or tar archive of a folder of pictures, as it is downloaded."""

from itertools import islice
from pathlib import Path

from kerasnn.data.archives import (
    DAMAGE,
    Within,
    damaged,
    is_archive,
    is_hidden,
    members,
    open_members,
    unreadable,
    zip_names,
)
from kerasnn.data.class_folders import LOOKED_AT, Place, arranged, is_picture
from kerasnn.data.dataset import Contents
from kerasnn.data.formats import Asked
from kerasnn.data.picture_folder import contents_of
from kerasnn.data.user_data import LARGEST, NAMES_FILE, names_in, read_class_names
from kerasnn.errors import DataError
from kerasnn.files.packed import MOST_TIMES, is_bomb, is_zip
from kerasnn.language import _


def recognise(path: Path) -> bool:
    """Return True for an archive with a picture among its first files."""
    try:
        if is_zip(path):
            return any(map(is_picture, zip_names(path)))
        return is_archive(path) and any(is_picture(member.name) for member in islice(members(path), LOOKED_AT))
    except DataError:
        return False


def read(path: Path, asked: Asked) -> Contents:
    """Read the pictures as those of a folder, with a classes.txt in the archive, or else beside it.

    Raises: DataError if the archive or a picture is damaged, or there are not pictures of two classes.
    """
    found = path.stat()
    state = (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
    places: list[Place] = []
    names: set[str] = set()
    unpacked = 0
    for member in members(path, names):
        *folders, name = member.name.split("/")
        unpacked += member.size
        if not any(map(is_hidden, (*folders, name))):
            places.append(Place(member.where, name, tuple(folders), state, member.within))
    if is_bomb(found.st_size, unpacked):
        raise unreadable(path, _("it unpacks to more than {times} times its size", times=MOST_TIMES))
    inside = {tuple(name.split("/")) for name in names}
    listing = arranged(path, places, {each for each in inside if not any(map(is_hidden, each))})
    if listing.names is None:
        listing.names = str(path.parent / NAMES_FILE)
        given = read_class_names(path.parent / NAMES_FILE)
    else:
        within = next(place.within for place in places if place.path == listing.names)
        given = names_in(_content(path, within, listing.names), Path(listing.names))
    return contents_of(path, listing, given, asked)


def _content(path: Path, within: Within | None, where: str) -> bytes:
    """Return the content of a file in an archive, as much as names may take and a byte more. Raises: DataError."""
    assert within is not None
    number, size = within
    try:
        with open_members(path) as inside:
            return inside(number, min(size, LARGEST + 1))
    except DAMAGE as error:
        raise damaged(where, error) from None
