"""Damage bytes as disks, networks and people do; all randomness comes from one generator."""

from random import Random


def mutate(content: bytes, random: Random) -> bytes:
    """`content` with one to four damages; never equal to `content`."""
    damaged = content
    while damaged == content:
        for _ in range(random.choice((1, 1, 1, 2, 4))):
            damaged = random.choice(DAMAGES)(damaged, random)
    return damaged


def _place(content: bytes, random: Random) -> int:
    """A place in `content`, half of the time near its beginning or its end, where headers and indexes stand."""
    length = len(content)
    match random.randrange(4):
        case 0:
            return random.randrange(min(length, 128) + 1)
        case 1:
            return length - random.randrange(min(length, 256) + 1)
        case _:
            return random.randrange(length + 1)


def flip_bit(content: bytes, random: Random) -> bytes:
    if not content:
        return b"\x01"
    place = min(_place(content, random), len(content) - 1)
    return content[:place] + bytes((content[place] ^ (1 << random.randrange(8)),)) + content[place + 1 :]


def set_byte(content: bytes, random: Random) -> bytes:
    place = _place(content, random)
    return (
        content[:place]
        + bytes((random.choice((0, 1, 0x7F, 0x80, 0xFF, random.randrange(256))),))
        + content[place + 1 :]
    )


def set_word(content: bytes, random: Random) -> bytes:
    """Four or eight bytes as a number that lengths and sizes trip over."""
    size = random.choice((2, 4, 8))
    number = random.choice((0, 1, (1 << 8 * size) - 1, 1 << (8 * size - 1), (1 << (8 * size - 1)) - 1))
    place = _place(content, random)
    word = number.to_bytes(size, "big")
    return content[:place] + (word if random.random() < 0.5 else word[::-1]) + content[place + size :]


def cut_short(content: bytes, random: Random) -> bytes:
    return content[: random.randrange(len(content) + 1)]


def cut_out(content: bytes, random: Random) -> bytes:
    place = _place(content, random)
    return content[:place] + content[place + random.choice((1, 2, 16, 512, 4096)) :]


def insert(content: bytes, random: Random) -> bytes:
    place = _place(content, random)
    return content[:place] + random.randbytes(random.choice((1, 2, 16, 512))) + content[place:]


def repeat(content: bytes, random: Random) -> bytes:
    place = _place(content, random)
    return content[:place] + content[place : place + random.choice((1, 8, 64, 1024))] + content[place:]


def zero_block(content: bytes, random: Random) -> bytes:
    """A block of zeros, as a disk that was not flushed leaves it."""
    place, size = _place(content, random), random.choice((16, 512, 4096))
    return content[:place] + bytes(min(size, len(content) - place)) + content[place + size :]


def append(content: bytes, random: Random) -> bytes:
    return content + random.choice((b"\n", b"\0" * 512, b"PK\x05\x06" + bytes(18), random.randbytes(64)))


def web_page(content: bytes, random: Random) -> bytes:
    return b"<!DOCTYPE html><html><body>Sign in to the network</body></html>"


def to_text(content: bytes, random: Random) -> bytes:
    """Line ends changed, as a transfer in text mode changes them."""
    return content.replace(b"\n", b"\r\n") if b"\n" in content else content.replace(b"\r", b"\n")


DAMAGES = (
    flip_bit,
    flip_bit,
    flip_bit,
    set_byte,
    set_word,
    set_word,
    cut_short,
    cut_short,
    cut_out,
    insert,
    repeat,
    zero_block,
    append,
    web_page,
    to_text,
)
