"""The lecture on neural networks, runnable: seven stages on Fashion-MNIST.

>>> import kerasnn
>>> run = kerasnn.train("dropout")
>>> kerasnn.evaluate(run.run).test.accuracy
"""

from kerasnn.api import build as build
from kerasnn.api import code as code
from kerasnn.api import compare_sklearn as compare_sklearn
from kerasnn.api import evaluate as evaluate
from kerasnn.api import explain as explain
from kerasnn.api import load_data as load_data
from kerasnn.api import predict as predict
from kerasnn.api import report as report
from kerasnn.api import stages as stages
from kerasnn.api import summary as summary
from kerasnn.api import tour as tour
from kerasnn.api import train as train
from kerasnn.errors import KerasnnError as KerasnnError
