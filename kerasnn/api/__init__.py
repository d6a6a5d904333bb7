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
from kerasnn.api.lecture import claims as claims
from kerasnn.api.lecture import judge_claims as judge_claims
from kerasnn.api.networks import build as build
from kerasnn.api.networks import stages as stages
from kerasnn.api.networks import summary as summary
from kerasnn.api.networks import summary_of_model as summary_of_model
from kerasnn.api.pictures import draw as draw
from kerasnn.api.pictures import weights as weights
from kerasnn.api.races import race as race
from kerasnn.api.reporting import report as report
from kerasnn.api.run_folders import compare_runs as compare_runs
from kerasnn.api.run_folders import list_runs as list_runs
from kerasnn.api.run_folders import open_run as open_run
from kerasnn.api.run_folders import removable_runs as removable_runs
from kerasnn.api.run_folders import remove_runs as remove_runs
from kerasnn.api.study import REPRODUCTION as REPRODUCTION
from kerasnn.api.study import reproduce as reproduce
from kerasnn.api.study import verify as verify
from kerasnn.api.touring import tour as tour
from kerasnn.api.trackers import check_mlflow as check_mlflow
from kerasnn.api.trackers import log_to_mlflow as log_to_mlflow
from kerasnn.api.trackers import tracking_callbacks as tracking_callbacks
from kerasnn.api.training import RUNS as RUNS
from kerasnn.api.training import check_up as check_up
from kerasnn.api.training import compare_sklearn as compare_sklearn
from kerasnn.api.training import resume as resume
from kerasnn.api.training import train as train
from kerasnn.api.tuning import TUNING as TUNING
from kerasnn.api.tuning import tune as tune
