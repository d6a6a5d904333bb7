"""Frozen dataclasses that carry results between the layers of the package: what was trained, measured, predicted.

Accuracies and shares are fractions, not percent; durations are seconds; epochs count from 1.
`plain` converts any of these records to JSON values.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
