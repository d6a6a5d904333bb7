"""How records show themselves in Python: one line as their repr, HTML in a notebook."""

from importlib import import_module
from operator import attrgetter
from typing import Any, ClassVar, Final, TypeVar

VIEWS: Final = "kerasnn.views.notebook.render"  # named, not imported: records know no view
LONGEST: Final = 60  # characters of a value

Item = TypeVar("Item")


class Shown:
    """A record whose repr is one line: the values of `brief`, names or paths such as `test.accuracy`."""

    brief: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, brief: tuple[str, ...] = ()) -> None:
        cls.brief = brief
        type.__setattr__(cls, "__repr__", Shown.__repr__)  # `dataclass` keeps a repr that it finds in the class itself

    def __repr__(self) -> str:
        found = [(path, _value(self, path)) for path in self.brief]
        return f"{type(self).__name__}({', '.join(f'{path}={_short(value)}' for path, value in found if value != ())})"

    def _repr_html_(self) -> str:
        return html(self)


class Several(tuple[Item, ...]):
    """A tuple of records that a notebook shows together."""

    def _repr_html_(self) -> str:
        return html(self)


def html(shown: Any) -> str:
    """Return a record, or a tuple of records, as HTML in the current language."""
    text: str = import_module(VIEWS).html(shown)
    return text


def _value(record: Any, path: str) -> Any:
    """Return the value at `path`; () where there is none."""
    try:
        found = attrgetter(path)(record)
    except AttributeError:  # the record before the last dot is None
        return ()
    return () if found is None else found


def _short(value: Any) -> str:
    if isinstance(value, float):
        return ">0.9999" if 0.99995 <= value < 1 else f"{value:.4f}"  # a softmax is never certain
    if isinstance(value, (tuple, list)):
        return f"<{len(value)}>"
    text = repr(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."
