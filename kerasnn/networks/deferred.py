"""Parts of TensorFlow that its import loads and a training never uses: loaded here once something asks for them.

They take a third of the time of the import, and 25 MB.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType
from typing import Final

# names of the API, which load what they stand for; and Keras 2, which Keras 3 does not use
UNUSED: Final = (
    *(
        f"tensorflow._api.v2.{name}"
        for name in (
            "__internal__.distribute.combinations",
            "__internal__.distribute.multi_process_runner",
            "__internal__.feature_column",
            "compat.v1",
            "compat.v2",
            "feature_column",
            "lite",
        )
    ),
    "tensorflow.python.keras.models",
)


class _Deferring(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path, target) if fullname in UNUSED else None
        if spec is not None and spec.loader is not None:
            spec.loader = LazyLoader(spec.loader)
        return spec


@contextmanager
def unused_deferred() -> Iterator[None]:
    """In the block, import modules of UNUSED as shells that load themselves at the first access to an attribute."""
    finder = _Deferring()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
