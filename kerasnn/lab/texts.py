"""The words of the page, by the key that its elements and scripts name them with.

`[data-text]` in the page and `text("key")` in its scripts show them; a new one needs a row here and its translation.
"""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kerasnn.lab.app import App
from kerasnn.language import N_, _, language

TEXTS: Final = {
    # the frame
    "title": N_("kerasnn lab"),
    "language": N_("Language"),
    "theme": N_("Light or dark"),
    "stages": N_("The lecture's stages"),
    "settings": N_("Settings"),
    "network": N_("The network"),
    "training": N_("Training"),
    "picture": N_("Your own picture"),
    "inside": N_("Inside the network"),
    "lecture": N_("The lecture"),
    "take": N_("Take it with you"),
    "runs": N_("Runs"),
}


async def get_texts(request: Request, app: App) -> Response:
    """Return the words of the page in the language that is asked for."""
    return JSONResponse({"language": language(), "texts": {key: _(text) for key, text in TEXTS.items()}})


ROUTES: Final[list[tuple[str, str, Any]]] = [("GET", "/api/texts", get_texts)]
