"""The CSS of a drawn network, for light or dark backgrounds, or following the reader's screen."""

from kerasnn.views.palette import DARK, LIGHT, Palette, Style, palette

_FONT = "system-ui, 'Noto Sans', 'Noto Sans KR', 'Malgun Gothic', 'Apple SD Gothic Neo', sans-serif"


def stylesheet(style: Style) -> str:
    """Return the rules of one palette; for `auto`, of the light one, and of the dark one on dark screens."""
    if style == "auto":
        return f"{_rules(LIGHT)}\n@media (prefers-color-scheme: dark) {{{_rules(DARK)}\n}}"
    return _rules(palette(style))


def _rules(colours: Palette) -> str:
    rules = {
        "text": f"font-family: {_FONT}; font-size: 14px; fill: {colours.ink}",
        ".title": "font-size: 17px; font-weight: 600",
        ".name": "font-weight: 600",
        ".count": f"font-size: 12.5px; fill: {colours.grey}",
        ".one": "font-size: 12px",
        ".number": "font-size: 10.5px",
        ".paper": f"fill: {colours.paper}",
        ".line": f"stroke: {colours.grey}; stroke-width: 0.7; stroke-opacity: 0.55",
        ".bias": "stroke-dasharray: 5 3",
        ".off": "stroke-dasharray: 1.5 4; stroke-opacity: 0.5",
        ".for": f"stroke: {colours.blue}; stroke-dasharray: none",
        ".against": f"stroke: {colours.orange}; stroke-dasharray: 6 3",
        ".unit": f"fill: {colours.paper}; stroke: {colours.ink}; stroke-width: 1.6; stroke-opacity: 1",
        ".unit.input": f"fill: {colours.faint}",
        ".unit.one": f"stroke: {colours.grey}; stroke-dasharray: 4 2",
        ".unit.off": f"fill: {colours.faint}; stroke: {colours.grey}; stroke-dasharray: 3 2",
        ".glyph": f"fill: none; stroke: {colours.blue}; stroke-width: 2; vector-effect: non-scaling-stroke",
        ".cross": f"fill: none; stroke: {colours.ink}; stroke-width: 2",
        ".dot": f"fill: {colours.ink}",
        ".frame": f"fill: none; stroke: {colours.blue}; stroke-width: 1.4",
        ".grid": f"fill: {colours.paper}; stroke: {colours.ink}; stroke-width: 1.2",
        ".mesh": f"fill: none; stroke: {colours.grey}; stroke-width: 0.35",
        ".arrow": f"fill: none; stroke: {colours.ink}; stroke-width: 1.6",
        ".black": "fill: #000000",
    }
    return "\n".join(f".kerasnn-network {part} {{{rule}}}" for part, rule in rules.items())
