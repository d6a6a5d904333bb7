"""What is computed of a network to be looked at: once for all pages, and one thing at a time."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, TypeVar

from kerasnn.networks.classifier import Classifier

MOST_KEPT: Final = 16
LONGEST_REST: Final = 5.0  # seconds

Compute = Callable[[Classifier], Any]


class Named(Protocol):
    """A network by its name. `is_live`: it changes all the time."""

    @property
    def name(self) -> str: ...
    @property
    def classifier(self) -> Classifier: ...
    @property
    def is_live(self) -> bool: ...


Found = TypeVar("Found", bound=Named)


@dataclass
class Looks:
    """Results by network and by what was asked.

    While a network is trained it is another one ten times a second. So after each computation there is a rest of `rest`
    times its duration, and all who ask meanwhile share the next one, of the network as it is then.
    """

    rest: float = 0.0
    kept: OrderedDict[tuple[int, Hashable], tuple[Classifier, Any]] = field(default_factory=OrderedDict)
    coming: dict[tuple[str, Hashable], "asyncio.Task[Any]"] = field(default_factory=dict)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    until: float = 0.0  # when the rest is over

    async def ask(self, find: Callable[[], Found], what: Hashable, compute: Compute) -> tuple[Found, Any]:
        """Return the model that `find` returns, and what `compute` makes of it. Raises: as both."""
        model = await asyncio.to_thread(find)
        found = self._known(model, what)
        if found is not None:
            return model, found
        key = model.name, what
        task = self.coming.get(key)
        if task is None:
            task = self.coming[key] = asyncio.create_task(self._next(key, find, compute, is_live=model.is_live))
        model, found = await asyncio.shield(task)  # one who leaves does not take it from the others
        return model, found

    async def _next(
        self, key: tuple[str, Hashable], find: Callable[[], Found], compute: Compute, *, is_live: bool
    ) -> tuple[Found, Any]:
        loop = asyncio.get_running_loop()
        try:
            async with self.lock:
                await asyncio.sleep(max(0.0, self.until - loop.time()) if is_live else 0)
                del self.coming[key]  # who asks from here on may want a newer network
                model = await asyncio.to_thread(find)
                found = self._known(model, key[1])
                if found is None:
                    began = loop.time()
                    found = await asyncio.to_thread(compute, model.classifier)
                    self._keep(model, key[1], found)
                    self.until = loop.time() + min(self.rest * (loop.time() - began), LONGEST_REST)
        finally:
            if self.coming.get(key) is asyncio.current_task():
                del self.coming[key]
        return model, found

    def _known(self, model: Named, what: Hashable) -> Any:
        key = id(model.classifier), what
        if key not in self.kept:
            return None
        self.kept.move_to_end(key)
        return self.kept[key][1]

    def _keep(self, model: Named, what: Hashable, found: Any) -> None:
        self.kept[id(model.classifier), what] = model.classifier, found  # holds the classifier, so its id stays its own
        while len(self.kept) > MOST_KEPT:
            self.kept.popitem(last=False)
