"""The library's progress events as they come in: bars on a terminal, else plain lines."""

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, ProgressColumn, Task, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from rich.text import Text

from kerasnn.language import _
from kerasnn.records import Compiling, Download, Epoch, Event, Notice, Outcome, Progress, StudyProgress
from kerasnn.views.format import epoch_line, outcome_line, study_progress_line, time_left

MOST_ROWS = 16  # more running trainings would push the row of the total off the screen


class _Amount(ProgressColumn):
    """A column with the images seen in this epoch, or the bytes of a download."""

    _bytes = DownloadColumn()

    def render(self, task: Task) -> Text:
        return Text(task.fields["amount"]) if task.fields["amount"] else self._bytes.render(task)


class _Left(ProgressColumn):
    """A column with the time left: a clock for one training, words for a study."""

    _clock = TimeRemainingColumn(compact=True)

    def render(self, task: Task) -> Text:
        return Text(task.fields["left"]) if "left" in task.fields else self._clock.render(task)


class LiveDisplay:
    """A listener that keeps progress bars up to date with the library's events; `with display.bars` shows them."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.bars = Bars(
            TextColumn("{task.description}"),
            BarColumn(bar_width=16),
            _Amount(),
            TextColumn("{task.fields[detail]}"),
            _Left(),
            console=console,
            transient=True,  # the bars go when the work is done, the lines above them stay
        )
        self.tasks: dict[str, TaskID] = {}

    def __call__(self, event: Event) -> None:
        match event:
            case Notice(text):
                self.console.print(Text(text, style="yellow"))
            case Compiling():
                self.bars.update(self._task("training", None), description=_("compiling the training program"))
            case Download(name, done, total):  # a server may not say the total, which is 0 then
                self.bars.update(self._task(name, total or None), completed=done)
            case Progress():
                self._show(event)
            case StudyProgress():
                self._show_study(event)

    def _show(self, event: Progress) -> None:
        """Advance one bar over all epochs, so that its time left is that of the training."""
        self.bars.update(
            self._task("training", None),
            total=event.epochs * event.images,
            completed=(event.epoch - 1) * event.images + event.seen,
            description=_("epoch {number}/{epochs}", number=event.epoch, epochs=event.epochs),
            amount=_("{seen:,} of {images:,} images", seen=event.seen, images=event.images),
            detail=_("loss {loss:.4f}", loss=event.loss),
        )
        if event.finished is not None:
            self.console.print(Text(epoch_line(event.finished, event.epochs)))

    def _show_study(self, progress: StudyProgress) -> None:
        """Show a row for each running training and one for the total below; finished ones stay above as lines."""
        if progress.finished is not None:
            self.console.print(Text(outcome_line(progress.finished, choosing=progress.choosing)))
            return
        rows = {running.worker: running for running in progress.running[:MOST_ROWS]}
        for name in [name for name in self.tasks if name not in rows]:
            self.bars.remove_task(self.tasks.pop(name))
        for name, running in rows.items():
            self.bars.update(
                self._task(name, running.epochs),
                completed=running.epoch,
                total=running.epochs,
                description=_("{stage}, seed {seed}", stage=running.job.stage, seed=running.job.seed),
                amount=_("epoch {number}/{epochs}", number=running.epoch, epochs=running.epochs)
                if running.epoch
                else _("{seconds} s", seconds=f"{running.seconds:.0f}"),
                detail=name,
                left="",  # a clock for each of them would jump whenever a worker begins another training
            )
        self.bars.update(
            self._task("all trainings", progress.jobs),
            completed=progress.done,
            description=_("all trainings"),
            amount=_("{number} of {stops}", number=progress.done, stops=progress.jobs),
            detail=time_left(progress),
            left="",
        )

    def _task(self, name: str, total: int | None) -> TaskID:
        if name not in self.tasks:
            self.tasks[name] = self.bars.add_task(name, total=total, amount="", detail="")
        return self.tasks[name]


def plain_line(console: Console, event: Event) -> None:
    """Print an event that is worth a line of its own, where nothing can be drawn over."""
    match event:
        case Progress(finished=Epoch() as epoch):
            console.print(epoch_line(epoch, event.epochs), soft_wrap=True)
        case StudyProgress(finished=Outcome() as outcome):
            console.print(
                f"{outcome_line(outcome, choosing=event.choosing)}   {study_progress_line(event)}", soft_wrap=True
            )
        case Notice(text):
            console.print(text, style="yellow", soft_wrap=True)
        case Download(name, done, total) if total and done >= total:
            console.print(_("downloaded {name}, {total:,} bytes", name=name, total=total), soft_wrap=True)
