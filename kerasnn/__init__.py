"""The lecture on neural networks, runnable: every stage on Fashion-MNIST.

>>> import kerasnn
>>> run = kerasnn.train("dropout")
>>> kerasnn.evaluate(run.run).test.accuracy

The commands are these functions, with the same arguments; they return the records that the commands show. The names
are listed in `__init__.pyi`, and each is imported when first used, so `import kerasnn` loads no other library.
"""

from kerasnn.files import working_folder

if working_folder.is_command():
    working_folder.leave()  # first: Python has put the working folder before its own library

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
