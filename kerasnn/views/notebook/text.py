"""The records that a notebook shows as the terminal does, by the type of each: all views take a sequence of them."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from rich.console import Group, RenderableType

from kerasnn.records import (
    Checkup,
    ClaimRow,
    Comparison,
    DataCheck,
    DataConversion,
    DataOverview,
    Export,
    ImportedRun,
    Judgement,
    PackedRun,
    Race,
    Reproduction,
    RunRow,
    Script,
    StageRow,
    TopicRow,
    Tuning,
    Verification,
)
from kerasnn.views.claims import claims_view, judgement_view
from kerasnn.views.comparison import comparison_view, script_view
from kerasnn.views.data import check_view, checkup_view, conversion_view, overview_view
from kerasnn.views.explanation import topics_view
from kerasnn.views.exports import export_view
from kerasnn.views.packed import imported_view, packed_view
from kerasnn.views.race import race_view
from kerasnn.views.reproduction import reproduction_view
from kerasnn.views.runs import runs_view
from kerasnn.views.stages import stages_view
from kerasnn.views.tuning import tuning_view
from kerasnn.views.verification import verification_view

View = Callable[[Sequence[Any]], RenderableType]


def _each(view: Callable[[Any], RenderableType]) -> View:
    return lambda records: Group(*map(view, records))


TEXTS: Final[dict[type | None, View]] = {
    StageRow: stages_view,
    TopicRow: topics_view,
    ClaimRow: claims_view,
    RunRow: runs_view,
    Comparison: _each(comparison_view),
    Race: _each(race_view),
    Reproduction: _each(reproduction_view),
    Tuning: _each(tuning_view),
    Verification: _each(verification_view),
    Judgement: _each(judgement_view),
    DataOverview: _each(overview_view),
    DataCheck: _each(check_view),
    DataConversion: _each(conversion_view),
    Export: _each(export_view),
    PackedRun: _each(packed_view),
    ImportedRun: _each(imported_view),
    Checkup: _each(checkup_view),
    Script: _each(script_view),
}
