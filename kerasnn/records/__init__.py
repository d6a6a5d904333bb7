"""The plain values that cross between floors: what was trained, measured, predicted. All frozen.

Accuracies and shares are fractions, not percent; durations are seconds; epochs count from 1.
`plain` turns any of them into what JSON can hold.
"""

from kerasnn.records.checkup import Checkup as Checkup
from kerasnn.records.checkup import Finding as Finding
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
from kerasnn.records.explain import BarsPicture as BarsPicture
from kerasnn.records.explain import Cell as Cell
from kerasnn.records.explain import Check as Check
from kerasnn.records.explain import Drawing as Drawing
from kerasnn.records.explain import DrawnLayer as DrawnLayer
from kerasnn.records.explain import Explanation as Explanation
from kerasnn.records.explain import Grid as Grid
from kerasnn.records.explain import ImagesPicture as ImagesPicture
from kerasnn.records.explain import LinesPicture as LinesPicture
from kerasnn.records.explain import NetworkPicture as NetworkPicture
from kerasnn.records.explain import Section as Section
from kerasnn.records.explain import Series as Series
from kerasnn.records.explain import Tile as Tile
from kerasnn.records.explain import TopicRow as TopicRow
from kerasnn.records.explain import WorkedImage as WorkedImage
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
from kerasnn.records.script import Cell as Cell
from kerasnn.records.script import Framework as Framework
from kerasnn.records.script import Script as Script
from kerasnn.records.study import Job as Job
from kerasnn.records.study import Outcome as Outcome
from kerasnn.records.training import CurveReading as CurveReading
from kerasnn.records.training import Environment as Environment
from kerasnn.records.training import Epoch as Epoch
from kerasnn.records.training import Run as Run
from kerasnn.records.training import Scores as Scores
from kerasnn.records.training import Seconds as Seconds
from kerasnn.records.training import Training as Training
