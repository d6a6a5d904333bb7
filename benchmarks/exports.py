"""Export every reference model, and one with batch normalization, to every form: size, largest difference, seconds."""

from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

from rich.table import Table

import kerasnn
from benchmarks.tables import table_of
from kerasnn.exports.forms import FORMS
from kerasnn.lecture.stages import STAGES

NORMALIZED = "adam, --batch-norm"


def exported(folder: Path, rounds: int) -> Table:
    """Export the models into `folder`; return the table."""
    data = kerasnn.load_data()
    normalized = kerasnn.train("adam", batch_norm=True, epochs=2, dataset=data, out=folder / "runs")
    models = {stage.name: stage.name for stage in STAGES} | {NORMALIZED: str(normalized.model)}
    table = table_of(
        f"Exports, compared on the {len(data.test):,} test images of {data.info.name}: medians of {rounds} rounds"
    )
    for name in ("model", "form", "kB", "largest difference", "seconds"):
        table.add_column(name, justify="left" if name in ("model", "form") else "right")
    for shown, model in models.items():
        for form in FORMS.values():
            if not all(map(find_spec, form.packages)):
                table.add_row(shown, form.name, f"skipped: needs kerasnn[{form.extra}]", "", "")
                continue
            file = folder / f"exported{form.ending}"
            how: dict[str, Any] = {"to": form.name, "file": file, "force": True, "dataset": data}
            made = [kerasnn.export(model, **how) for _round in range(rounds)]
            seconds = median(each.seconds for each in made)
            difference = f"{made[0].largest_difference:.1e}"
            table.add_row(shown, form.name, f"{made[0].bytes / 1000:,.0f}", difference, f"{seconds:.2f}")
    return table
