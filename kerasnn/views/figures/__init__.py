"""Records drawn as figures with matplotlib."""

import logging

# it warns three times about a home directory that it cannot write to, but works without one
logging.getLogger("matplotlib").setLevel(logging.ERROR)
