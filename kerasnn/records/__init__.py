"""The plain values that cross between floors: what was trained, measured, predicted. All frozen.

Accuracies and shares are fractions, not percent; durations are seconds; epochs count from 1.
`plain` turns any of them into what JSON can hold.
"""

from kerasnn.records.checkup import Checkup as Checkup
from kerasnn.records.checkup import Finding as Finding
from kerasnn.records.claims import ClaimRow as ClaimRow
from kerasnn.records.claims import Estimate as Estimate
from kerasnn.records.claims import Exactness as Exactness
from kerasnn.records.claims import JudgedClaim as JudgedClaim
from kerasnn.records.claims import Judgement as Judgement
from kerasnn.records.data import DataCheck as DataCheck
from kerasnn.records.data import DataFile as DataFile
from kerasnn.records.data import DataOverview as DataOverview
from kerasnn.records.data import DatasetInfo as DatasetInfo
from kerasnn.records.data import PixelStatistics as PixelStatistics
from kerasnn.records.events import Download as Download
from kerasnn.records.events import Event as Event
from kerasnn.records.events import Listener as Listener
from kerasnn.records.events import Notice as Notice
from kerasnn.records.events import Progress as Progress
from kerasnn.records.events import ignore as ignore
from kerasnn.records.judging import ClassScores as ClassScores
from kerasnn.records.judging import Comparison as Comparison
from kerasnn.records.judging import ComparisonRow as ComparisonRow
from kerasnn.records.judging import Confusion as Confusion
from kerasnn.records.judging import Evaluation as Evaluation
from kerasnn.records.judging import Mistake as Mistake
from kerasnn.records.judging import Prediction as Prediction
from kerasnn.records.networks import LayerSummary as LayerSummary
from kerasnn.records.networks import ModelSummary as ModelSummary
from kerasnn.records.networks import ParameterCount as ParameterCount
from kerasnn.records.networks import StageRow as StageRow
from kerasnn.records.plain import LEFT_OUT as LEFT_OUT
from kerasnn.records.plain import Json as Json
from kerasnn.records.plain import Pixels as Pixels
from kerasnn.records.plain import plain as plain
from kerasnn.records.plain import plain_object as plain_object
from kerasnn.records.race import Contender as Contender
from kerasnn.records.race import Pace as Pace
from kerasnn.records.race import Race as Race
from kerasnn.records.reproduction import Agreement as Agreement
from kerasnn.records.reproduction import Reproduction as Reproduction
from kerasnn.records.reproduction import Spread as Spread
from kerasnn.records.reproduction import StageResult as StageResult
from kerasnn.records.runs import Difference as Difference
from kerasnn.records.runs import RunComparison as RunComparison
from kerasnn.records.runs import RunRow as RunRow
from kerasnn.records.study import Job as Job
from kerasnn.records.study import Outcome as Outcome
from kerasnn.records.study import Running as Running
from kerasnn.records.study import Standing as Standing
from kerasnn.records.training import CurveReading as CurveReading
from kerasnn.records.training import Environment as Environment
from kerasnn.records.training import Epoch as Epoch
from kerasnn.records.training import Run as Run
from kerasnn.records.training import Scores as Scores
from kerasnn.records.training import Seconds as Seconds
from kerasnn.records.training import Training as Training
from kerasnn.records.verification import FigureCheck as FigureCheck
from kerasnn.records.verification import Repetition as Repetition
from kerasnn.records.verification import Verification as Verification
