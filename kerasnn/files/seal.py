"""The seal of a file: two checksums, by which kerasnn knows a file that it wrote, for whom, and that it is unchanged.

One is of the command that wrote the file, the other of everything else in it. A file that only quotes a command has
no seal, and one that quotes a seal has a wrong one. It shows a change, and proves nothing against a forger.
"""

import re
import zlib
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from hashlib import file_digest, sha256
from html import unescape
from pathlib import Path
from typing import Final

from kerasnn.files.untrusted import read_regular

BLANK: Final = "kerasnn-seal 000000-000000000000"  # where the seal goes, once the rest is written
BLANK_COMMENT: Final = f"<!-- {BLANK} -->\n"  # behind HTML and SVG
IN_FOLDER: Final = Path("assets.extra", "kerasnn.json")  # the file with the seal of a folder, as TensorFlow writes it
LARGEST: Final = 1 << 30  # bytes; kerasnn writes nothing near it
_SEAL: Final = re.compile(rb"kerasnn-seal ([0-9a-f]{6})-([0-9a-f]{12})")
_NAMED: Final = re.compile(r'[`"](kerasnn [^`"]+)[`"]')
_ENDS: Final = 1 << 16  # bytes at both ends of a file where its command is looked for
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_CRC: Final = 4  # bytes behind a PNG's text, which the seal changes, too


@dataclass(frozen=True)
class Seal:
    """The seal in a file. `owner`: checksum of its command. `holds`: nothing was changed. `command`: where legible."""

    owner: bytes
    holds: bool
    command: str | None

    def is_of(self, *commands: str) -> bool:
        return self.holds and self.owner in map(_owner, commands)


def sealed(content: bytes, command: str, beside: bytes = b"") -> bytes:
    """Return `content` with the seal of `command` in its last blank. `beside`: what else it is for."""
    found = _last(content)
    assert found is not None  # whoever writes leaves a blank
    content = content[: found.start(1)] + _owner(command) + content[found.end(1) :]
    start, end = found.span(2)
    content = content[:start] + _digest(content, found, beside) + content[end:]
    if content.startswith(_PNG):
        chunk = max(content.rfind(kind, 0, start) for kind in (b"tEXt", b"iTXt"))
        content = content[:end] + zlib.crc32(content[chunk:end]).to_bytes(_CRC, "big") + content[end + _CRC :]
    return content


def seal(path: Path, command: str) -> None:
    """Fill in the blank that the writer of the file or folder `path` has left in it."""
    content, beside = _read(path)
    place = path / IN_FOLDER if path.is_dir() else path
    place.write_bytes(sealed(content, command, beside))


def seal_of(path: Path, beside: bytes = b"") -> Seal | None:
    """Return the seal of the file or folder at `path`; None if it has none, is a link, or cannot be read."""
    with suppress(OSError, ValueError):
        content, inside = _read(path)
        if found := _last(content):
            return Seal(found[1], found[2] == _digest(content, found, inside + beside), _command(content, found[1]))
    return None


def _read(path: Path) -> tuple[bytes, bytes]:
    """Return the content of the file that holds the seal of `path`, and the digests of the others if it is a folder."""
    if path.is_dir() and not path.is_symlink():
        place = path / IN_FOLDER
        others = sorted(each for each in path.rglob("*") if each.is_file() and each != place)
        beside = b"".join(each.relative_to(path).as_posix().encode() + _file_digest(each) for each in others)
        return read_regular(place, limit=LARGEST), beside
    return b"" if path.is_symlink() else read_regular(path, limit=LARGEST), b""


def _file_digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return file_digest(file, "sha256").digest()


def _last(content: bytes) -> re.Match[bytes] | None:
    """Return where the seal is: in a zip behind its members, which may have seals of their own."""
    end = content.rfind(b"PK\x05\x06") if content.startswith(b"PK\x03\x04") else -1
    members = int.from_bytes(content[end + 16 : end + 20], "little") if end >= 0 else 0
    return next(iter(deque(_SEAL.finditer(content, members), maxlen=1)), None)


def _command(content: bytes, owner: bytes) -> str | None:
    """Return the command of the seal, which stands in the file in quotes; None if letters were escaped there."""
    text = unescape((content[:_ENDS] + content[-_ENDS:]).decode("utf-8", errors="replace"))
    commands = (" ".join(each.split()) for each in _NAMED.findall(text))
    return next((each for each in commands if _owner(each) == owner), None)


def _owner(command: str) -> bytes:
    return sha256(command.encode("utf-8", errors="surrogateescape")).hexdigest()[:6].encode()


def _digest(content: bytes, found: re.Match[bytes], beside: bytes) -> bytes:
    """Return the checksum of `content` without its own place, which is the second of what was `found`."""
    start, end = found.span(2)
    digest = sha256(content[:start])
    digest.update(content[end + (_CRC if content.startswith(_PNG) else 0) :])
    digest.update(beside)
    return digest.hexdigest()[:12].encode()
