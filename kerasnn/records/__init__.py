"""The plain values that cross between floors: what was trained, measured, predicted. All frozen.

Accuracies and shares are fractions, not percent; durations are seconds; epochs count from 1.
`plain` turns any of them into what JSON can hold.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
