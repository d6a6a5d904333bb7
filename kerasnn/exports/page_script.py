"""The ES modules of the exported page as one script: a page in one file has no addresses to import them from."""

import re
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).resolve().with_name("page")  # the lab's page uses some of these modules, too
_IMPORT: Final = re.compile(r'^import \{ (.+) \} from "\./(.+)";\n', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (?=(?:async )?(?:function|const) (\w+))", re.MULTILINE)


def read(name: str) -> str:
    return FOLDER.joinpath(name).read_text(encoding="utf-8")


def bundled(entry: str) -> str:
    """Return the module `entry` and all that it imports as one script."""
    parts: dict[str, str] = {}
    _add(entry, parts)
    return '"use strict";\n' + "".join(parts.values())


def _add(name: str, parts: dict[str, str]) -> None:
    """Add the module `name` to `parts`, behind those that it imports."""
    text = read(name)
    for needed in _IMPORT.finditer(text):
        if needed[2] not in parts:
            _add(needed[2], parts)
    body = _IMPORT.sub(lambda found: f"const {{ {found[1].replace(' as ', ': ')} }} = {_variable(found[2])};\n", text)
    exported = ", ".join(_EXPORT.findall(text))
    parts[name] = f"\nconst {_variable(name)} = (() => {{\n{_EXPORT.sub('', body)}return {{ {exported} }};\n}})();\n"


def _variable(name: str) -> str:
    return "module_" + re.sub(r"\W", "_", name.removesuffix(".js"))
