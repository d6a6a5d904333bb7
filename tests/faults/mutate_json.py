"""Damage JSON that stays well formed: replace a value with one that a reader may trip over."""

import json
from copy import deepcopy
from random import Random
from typing import Any, Final

ODD: Final[tuple[Any, ...]] = (
    *(None, True, False, 0, -1, 1, 2**31, 2**63, -(2**63), 10**30, 0.5, -0.0, 1e308, 5e-324),
    *(
        "",
        "x",
        "0",
        "-1",
        "None",
        "float16",
        "Lambda",
        "builtins",
        "../..",
        "/etc/passwd",
        "\0",
        "\x1b[2J",
        "\x9b2J",
        "a\u202eb\x07",
        "한글",
        "a" * 5000,
    ),
    *("\ud800", [], {}, [[]], [None], [0], [-1, -1], {"": None}, {"class_name": "Dense"}, {"module": "os"}, [1] * 500),
)


def mutate_json(content: bytes, random: Random) -> bytes:
    """`content`, JSON, with one to three of its values replaced, removed, doubled or exchanged."""
    value = json.loads(content)
    for _ in range(random.choice((1, 1, 2, 3))):
        places = list(_places(value))
        if not places:
            break
        holder, key = random.choice(places)
        _damage(holder, key, random, places)
    return json.dumps(value).encode()


def _places(value: Any) -> Any:
    """Every value within `value`, as the container that holds it and its key."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in list(items):
        yield value, key
        yield from _places(item)


def _damage(holder: Any, key: Any, random: Random, places: list[Any]) -> None:
    match random.randrange(5):
        case 0:
            del holder[key]
        case 1 if isinstance(holder, list):
            holder.insert(key, deepcopy(holder[key]))
        case 1 | 2:
            other, other_key = random.choice(places)
            holder[key] = deepcopy(other[other_key])
        case _:
            holder[key] = deepcopy(random.choice(ODD))
