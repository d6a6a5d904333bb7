"""Write the lecture as a Jupyter notebook: `python -m kerasnn.scripts.lecture_notebook lecture.ipynb [ko]`."""

import sys
from collections.abc import Iterator
from pathlib import Path

from kerasnn.files.atomic import write_text
from kerasnn.language import N_, _, speaking
from kerasnn.lecture.stages import STAGE_BY_NAME
from kerasnn.lecture.stops import TOUR, Stop
from kerasnn.lecture.topics import TOPIC_BY_NAME
from kerasnn.scripts.notebook import Cell, notebook_text

INTRODUCTION = N_(
    "Run the cells from top to bottom. Each stage of the lecture is trained, and each idea is worked out on a network "
    "that you have trained, where there is one by then. Then change a value and run its cell again, for example "
    '`kerasnn.train("relu", hidden=(50,), dataset=DATA)`.'
)
PICTURES = N_(
    "Put photographs of clothes (`.jpg` or `.png`) into the folder of this notebook and run the cell: it shows each "
    "picture, what the network saw, and its answer."
)
OWN = """\
from pathlib import Path

pictures = [path for path in sorted(Path().iterdir()) if path.suffix.lower() in (".jpg", ".jpeg", ".png")]
kerasnn.predict("latest", pictures)"""


def lecture_text(language: str = "en") -> str:
    """Return the JSON of the lecture's notebook in `language`, `en` or `ko`, without output.

    Raises: EnvironmentFault if nbformat is not installed.
    """
    with speaking(language):
        return notebook_text([*_beginning(language), *_stops(), *_end()])


def _beginning(language: str) -> Iterator[Cell]:
    yield _read("# " + _("The lecture on neural networks"), _(INTRODUCTION))
    data = 'DATA = "auto"  # ' + _("Fashion-MNIST; or the path of your own images")
    speak = f'import os\n\nos.environ["KERASNN_LANG"] = "{language}"\n\n'
    yield Cell(f"{speak}import kerasnn\n\n{data}\nruns = {{}}  # " + _("by stage"))
    yield Cell("kerasnn.data_overview(DATA)")


def _stops() -> Iterator[Cell]:
    trained: set[str] = set()
    for stop in TOUR:
        if stop.kind == "idea":
            yield from _idea(stop.name, trained)
        else:
            trained.add(stop.name)
            yield from _stage(stop)


def _idea(name: str, trained: set[str]) -> Iterator[Cell]:
    topic = TOPIC_BY_NAME[name]
    yield _read(f"### {_(topic.title)}", _("The slide: {statement}", statement=_(topic.statement)))
    own = f'model=runs["{topic.model}"].run, ' if topic.model in trained else ""
    yield Cell(f'kerasnn.explain("{name}", {own}dataset=DATA)')


def _stage(stop: Stop) -> Iterator[Cell]:
    stage = STAGE_BY_NAME[stop.name]
    run = f'runs["{stage.name}"]'
    yield _read(f"## {_(stage.title)}", _(stage.step))
    yield Cell(f'{run} = kerasnn.train("{stage.name}", dataset=DATA)\n{run}')
    yield Cell(f"kerasnn.summary(model={run}.run)")
    yield Cell(f"kerasnn.evaluate({run}.run, dataset=DATA)")
    if stop.compared_with is not None:
        yield Cell(f'kerasnn.compare_runs([runs["{stop.compared_with}"].run, {run}.run])')


def _end() -> Iterator[Cell]:
    yield _read("## " + _("Answers"), _("The last network's answers for the first test images."))
    yield Cell('kerasnn.predict("latest", indices=range(3), dataset=DATA)')
    yield _read("## " + _("Your own pictures"), _(PICTURES))
    yield Cell(OWN)


def _read(*paragraphs: str) -> Cell:
    return Cell("\n\n".join(paragraphs), is_code=False)


if __name__ == "__main__":
    write_text(Path(sys.argv[1]), lecture_text(*sys.argv[2:]))
