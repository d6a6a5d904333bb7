"""Records drawn as pictures with matplotlib."""

import logging

# it has three sentences for a home that cannot be written, and works all the same
logging.getLogger("matplotlib").setLevel(logging.ERROR)
