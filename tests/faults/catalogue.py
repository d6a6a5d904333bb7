"""All fault cases: whatever a file in cases/ defines is found here."""

import pkgutil
from importlib import import_module

from tests.faults import cases
from tests.faults.frame import Case


def all_cases() -> tuple[Case, ...]:
    """The cases of all modules in cases/, in the order of the modules' names and of their definition."""
    names = sorted(module.name for module in pkgutil.iter_modules(cases.__path__))
    modules = [import_module(f"{cases.__name__}.{name}") for name in names]
    return tuple(value for module in modules for value in vars(module).values() if isinstance(value, Case))
