"""A run, several or the whole lecture gathered for one page."""

from pathlib import Path
from typing import TYPE_CHECKING

from kerasnn.api.training import RUNS
from kerasnn.language import speaking
from kerasnn.records import Listener, Report, ignore

if TYPE_CHECKING:
    from kerasnn.data.dataset import Dataset


def report(  # noqa: PLR0913  # each says what the page shall show
    *models: str | Path,
    lecture: bool = False,
    file: str | Path | None = None,
    claims: str | Path | None = None,
    index: int = 0,
    dataset: "str | Path | Dataset | None" = None,
    data_dir: str | Path | None = None,
    out: str | Path = RUNS,
    lang: str | None = None,
    listener: Listener = ignore,
) -> Report:
    """Everything known of `models`, each a stage, `latest`, a run's id, or a path; one HTML page in `file`.

    One: with the ideas of the lecture worked out on it and on test image `index`. Several: compared. `lecture`: the
    reference models of all stages, and every idea. `claims`: the JSON of `kerasnn claims --judge`.
    Raises: UsageError, ModelFileError, DataError.
    """
    from kerasnn.lessons.report import gather

    with speaking(lang):
        found = gather(
            list(map(str, models)) or ["latest"],
            lecture=lecture,
            out=Path(out),
            claims=Path(claims) if claims is not None else None,
            index=index,
            source=dataset,
            data_dir=Path(data_dir) if data_dir is not None else None,
            listener=listener,
        )
        if file is not None:
            from kerasnn.views.page.render import save_page

            save_page(found, Path(file))
    return found
