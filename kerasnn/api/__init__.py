"""What `import kerasnn` offers: the commands as functions that return the records the commands show.

Every heavy library is imported inside these functions, and nowhere above: so `import kerasnn` and `kerasnn --help`
load none of them.
"""

from kerasnn.api.code import code as code
from kerasnn.api.data import data_overview as data_overview
from kerasnn.api.data import fetch_data as fetch_data
from kerasnn.api.data import load_data as load_data
from kerasnn.api.data import verify_data as verify_data
from kerasnn.api.explaining import explain as explain
from kerasnn.api.explaining import topics as topics
from kerasnn.api.judging import evaluate as evaluate
from kerasnn.api.judging import predict as predict
from kerasnn.api.networks import build as build
from kerasnn.api.networks import stages as stages
from kerasnn.api.networks import summary as summary
from kerasnn.api.pictures import draw as draw
from kerasnn.api.pictures import weights as weights
from kerasnn.api.reporting import report as report
from kerasnn.api.touring import tour as tour
from kerasnn.api.training import RUNS as RUNS
from kerasnn.api.training import check_up as check_up
from kerasnn.api.training import compare_sklearn as compare_sklearn
from kerasnn.api.training import train as train
