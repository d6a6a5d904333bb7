"""`kerasnn tour`: a stop in a few sentences, with the user's own results."""

from rich.console import Group, RenderableType
from rich.rule import Rule
from rich.text import Text

from kerasnn.language import _
from kerasnn.records import Explanation, Run, Step, TourStop
from kerasnn.views.curves import Curves
from kerasnn.views.drawings import drawing_view
from kerasnn.views.explanation import check_view
from kerasnn.views.format import format_duration, format_range
from kerasnn.views.reading import reading_sentences


def stop_view(stop: TourStop) -> RenderableType:
    """Return the position in the tour, what the slide says, and the result of the training or explanation."""
    place = _("{number} of {stops}", number=stop.number, stops=stop.stops)
    parts: list[RenderableType] = [Rule(f"{place}  {stop.title}", align="left", style="cyan"), Text(stop.says)]
    if stop.run is not None:
        parts += _stage(stop.run, stop.step)
    if stop.explanation is not None:
        parts += _idea(stop.explanation)
    return Group(*parts, Text())


def _stage(run: Run, step: Step | None) -> list[RenderableType]:
    parts: list[RenderableType] = []
    if run.validation is not None and run.test is not None and run.seconds is not None:
        trained = _(
            "Trained in {seconds}: {parameters:,} parameters, validation loss {loss:.4f}, accuracy {accuracy:.4f}; "
            "test accuracy {test:.4f}.",
            seconds=format_duration(run.seconds.compile + run.seconds.train),
            parameters=run.parameters,
            loss=run.validation.loss,
            accuracy=run.validation.accuracy,
            test=run.test.accuracy,
        )
        parts.append(Text(trained, style="bold"))
    if step is not None:
        parts.append(Text(_compared(run, step), style="green" if step.accuracy_gain > 0 else "yellow"))
    if run.published is not None:
        parts.append(Text(_("The textbook's notebooks: {range}.", range=format_range(run.published)), "dim"))
    if run.reading is not None:
        parts.append(Curves(run.history, run.best_epoch))
        parts += map(Text, reading_sentences(run.reading, run.history))
    return parts


def _compared(run: Run, step: Step) -> str:
    more = run.parameters - step.before_parameters
    sentence = _(
        "Against {before}: accuracy {gain:+.2f} points, loss {change:+.4f}.",
        before=step.before,
        gain=step.accuracy_gain * 100,
        change=step.loss_change,
    )
    return sentence + " " + _("{more:+,} parameters.", more=more) if more else sentence


def _idea(explanation: Explanation) -> list[RenderableType]:
    """Return the first section with its picture, the number of checks that hold, and the command for the rest."""
    parts: list[RenderableType] = []
    if explanation.sections:
        first = explanation.sections[0]
        parts += map(Text, first.sentences)
        parts += map(check_view, first.checks)
        parts += map(drawing_view, first.pictures[:1])
    # of all sections, though only the first is shown
    checks = sum(len(section.checks) for section in explanation.sections)
    held = sum(check.holds for section in explanation.sections for check in section.checks)
    model = f" --model {explanation.model}" if explanation.model else ""
    command = f"kerasnn explain {explanation.topic}{model}"
    parts.append(
        Text(
            _("{held} of {checks} identities hold. All of it: {command}", held=held, checks=checks, command=command),
            "dim",
        )
    )
    return parts
