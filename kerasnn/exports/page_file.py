"""A page that computes the network in the browser: one HTML file, which asks no server for anything."""

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from hashlib import sha256
from html import escape
from math import prod
from pathlib import Path
from typing import Any, Final

import numpy as np

from kerasnn.errors import UsageError
from kerasnn.exports.network import AS_IT_IS, Leaving
from kerasnn.exports.page_script import bundled, read
from kerasnn.exports.page_texts import texts
from kerasnn.files.seal import BLANK_COMMENT
from kerasnn.language import LANGUAGES, _, speaking
from kerasnn.lecture.classes import in_language
from kerasnn.lecture.layers import LAYERS, Dense
from kerasnn.networks.architecture import Architecture
from kerasnn.networks.classifier import Images, Reals
from kerasnn.networks.forward import Network

MOST_PARAMETERS: Final = 8_000_000  # a page of 43 MB
STYLES: Final = ("base.css", "picture.css", "exported.css")
FLOATS: Final = np.dtype("<f4")  # as all browsers have them in memory
_BLOCK: Final = '<script type="application/json" id="{name}">(.*?)</script>'


def write(network: Leaving, path: Path) -> None:
    """Write the page to `path`."""
    computed = network.network
    assert computed is not None  # `Form.by_keras` is False
    if computed.parameters > MOST_PARAMETERS:
        raise UsageError(
            _("the network has {count:,} parameters, too many for a page", count=computed.parameters),
            expected=_("at most {most:,}", most=MOST_PARAMETERS),
            hint=_("kerasnn export --help lists the other forms"),
        )
    title = path.stem.encode("utf-8", "replace").decode()  # of a name that is no UTF-8 on the disk
    path.write_text(_page(network, computed, title) + BLANK_COMMENT, encoding="utf-8", newline="\n")


def reader(path: Path, network: Leaving) -> Callable[[Images], Reals]:
    text = path.read_text(encoding="utf-8")
    layers, weights = (_block(text, name) for name in ("about", "weights"))
    rows = [each["layer"] for each in json.loads(layers)["network"]["layers"]]
    values = np.frombuffer(b64decode(json.loads(weights)), FLOATS)
    built = Architecture(network.input_shape, tuple(LAYERS[each["kind"]](**each["options"]) for each in rows))
    variables, place = [], 0
    for layer, inputs in built.with_inputs():
        own = []
        for variable in layer.variables(inputs):
            size = prod(variable.shape)
            own.append(values[place : place + size].reshape(variable.shape))
            place += size
        variables.append(tuple(own))

    def compute(images: Images) -> Reals:
        given = network.inputs(images)
        for layer, own in zip(built.layers, variables, strict=True):
            given = layer.compute(given, own)
        return given

    return compute


def _block(text: str, name: str) -> str:
    found = re.search(_BLOCK.format(name=name), text, re.DOTALL)
    return found[1] if found else ""


def _page(network: Leaving, computed: Network, title: str) -> str:
    script, style = bundled("exported.js"), "".join(map(read, STYLES))
    values = [np.ascontiguousarray(each, FLOATS).tobytes() for own in computed.variables for each in own]
    policy = [
        "default-src 'none'",
        f"script-src {_hash(script)}",
        f"style-src {_hash(style)}",
        "img-src data: blob:",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    parts = {
        "policy": "; ".join(policy),
        "title": escape(title),
        "about": _json({**_about(network, computed), "model": title}),
        "style": style,
        "weights": _json(b64encode(b"".join(values)).decode("ascii")),
        "script": script,
    }
    return re.sub(r"\[\[(\w+)\]\]", lambda found: parts[found[1]], read("exported.html"))


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode('ascii')}'"


def _json(value: Any) -> str:
    """Return `value` as JSON that cannot end the element it stands in."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _about(network: Leaving, computed: Network) -> dict[str, Any]:
    """Return what the page knows besides the weights. The command comes first: it is looked for in the beginning."""
    languages: dict[str, Any] = {}
    for language in LANGUAGES:
        with speaking(language):
            languages[language] = {"texts": texts(), "classes": in_language(network.names)}
    mark = {"written": network.about["written"]}
    return {**mark, **network.about, "network": _network(network, computed), "languages": languages}


def _network(network: Leaving, computed: Network) -> dict[str, Any]:
    """Return the layers, the places of the Dense ones, and where the scores are: as `effects` finds them.

    `end`: the layer in front of which they are; `inside`: that layer is Dense, and they are what its activation takes.
    """
    layers = [
        {
            "layer": {"kind": layer.kind, "options": {"name": layer.name, **layer.options}},
            "inputs": inputs,
            "sizes": [prod(each.shape) for each in layer.variables(inputs)],
        }
        for layer, inputs in computed.architecture.with_inputs()
    ]
    trained = network.classifier
    if isinstance(trained, Network):
        place, activation = trained.ending
        end = len(trained.architecture.layers) if activation == "linear" else place
    else:
        end, activation = 1, "linear"
    as_it_is = len(AS_IT_IS) if getattr(trained, "takes_bytes", None) else 0
    end += as_it_is or not getattr(trained, "scales_pixels", False)  # the division is in front of them
    dense = [place for place, each in enumerate(computed.architecture.layers) if isinstance(each, Dense)]
    scores = {"end": end, "inside": activation != "linear" and end in dense}
    return {"layers": layers, "dense": dense, "scores": scores, "independent": network.is_independent}
