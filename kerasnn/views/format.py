"""Numbers, lists, names and progress as text, in the current language."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from kerasnn.language import N_, _, language, ngettext
from kerasnn.lecture import classes
from kerasnn.lecture.hyperparameters import HYPERPARAMETER_BY_NAME, format_value
from kerasnn.lecture.stages import PublishedRange
from kerasnn.records import (
    Confusion,
    DatasetInfo,
    Epoch,
    Json,
    Outcome,
    Prediction,
    Progress,
    Run,
    StudyProgress,
    plain_object,
)
from kerasnn.records.note import sentence

# labels of a run's environment, for `setting_label`, which translates them by name
ENVIRONMENT: Final = (N_("engine"), N_("dataset"), N_("device"), N_("threads"), N_("platform"))


def with_sentences(record: Any) -> dict[str, Json]:
    """Return `record` as JSON values, its notes as sentences in the current language."""
    return {**plain_object(record), "notes": [sentence(note) for note in record.notes]}


def format_metric(value: float | None) -> str:
    """Return a loss or an accuracy with four digits, as the lecture prints them; empty for None."""
    return "" if value is None else f"{value:.4f}"


def format_duration(seconds: float) -> str:
    """Return `4.2 s`, `42 s` or, from two minutes on, `3 min 3 s`."""
    if seconds >= 120:
        return _("{minutes:.0f} min {seconds:.0f} s", minutes=seconds // 60, seconds=seconds % 60)
    return _("{seconds} s", seconds=f"{seconds:.1f}" if seconds < 10 else f"{seconds:.0f}")


def join_items(items: Sequence[object]) -> str:
    """Return `1`, `1 and 2` or `1, 2 and 3`."""
    texts = [str(item) for item in items]
    if len(texts) < 2:
        return "".join(texts)
    return _("{items} and {last}", items=", ".join(texts[:-1]), last=texts[-1])


def format_shape(sizes: Sequence[int | None]) -> str:
    """Return a shape as Keras prints it, such as `(None, 10)`."""
    return f"({', '.join(map(str, sizes))}{',' if len(sizes) == 1 else ''})"


def format_range(published: PublishedRange) -> str:
    """Return `0.8841 to 0.8888`."""
    return _("{low:.4f} to {high:.4f}", low=published.low, high=published.high)


def describe_dataset(info: DatasetInfo) -> str:
    """Return one line with the name of a data set and the number of images in each part."""
    return _("{name}: {train:,} training, {validation:,} validation and {test:,} test images", **vars(info))


def run_name(run: Run) -> str:
    """Return the name of a run's stage, and that its settings were changed if they were."""
    return _("{stage} (changed)", stage=run.stage) if run.overrides else run.stage


def describe_seeds(numbers: Sequence[int]) -> str:
    """Return `seed 42`, `5 seeds from 42 to 46` or `seeds 1, 5 and 7`."""
    if len(numbers) == 1:
        return _("seed {number}", number=numbers[0])
    if list(numbers) == list(range(numbers[0], numbers[0] + len(numbers))):
        return _("{count} seeds from {first} to {last}", count=len(numbers), first=numbers[0], last=numbers[-1])
    return _("seeds {numbers}", numbers=join_items(numbers))


def describe_study(trained: int, outcomes: int, seconds: float, folder: str) -> str:
    """Return one sentence on a study: trainings done in this call, those found on disk, the time, the folder."""
    before = outcomes - trained
    return ngettext(
        "{count} training in {seconds}{before}; saved in {folder}.",
        "{count} trainings in {seconds}{before}; saved in {folder}.",
        trained,
        seconds=format_duration(seconds),
        before=ngettext(", {count} was already done", ", {count} were already done", before) if before else "",
        folder=folder,
    )


def setting_label(name: str) -> str:
    """Return the label of a hyperparameter, or of an entry of a run's environment, from its name in records."""
    row = HYPERPARAMETER_BY_NAME.get(name)
    return _(row.label if row else name.replace("_", " "))


def format_settings(values: Mapping[str, Any]) -> str:
    """Return settings, given by their names in records, as `hidden units 100 50, learning rate 0.003`."""
    return ", ".join(f"{setting_label(name)} {format_value(each)}" for name, each in values.items())


def image_name(prediction: Prediction) -> str:
    """Return the path of the predicted file, or the number of the predicted test image."""
    if prediction.index is None or prediction.dataset is None:
        return prediction.image
    name = _("test image {number}", number=prediction.index)
    return f"{prediction.dataset.name} {name}" if prediction.dataset.stand_in else name


def format_probability(value: float) -> str:
    """Return `value` with four digits. A softmax is never certain, so what would round to 1 is `>0.9999`."""
    return ">0.9999" if value > 0.99995 else f"{value:.4f}"


def describe_confusion(pair: Confusion) -> str:
    """Return `Shirt taken for T-shirt/top: 12 times, 6.0% of them`."""
    names = {"truth": class_name(pair.truth), "answer": class_name(pair.answer)}
    return ngettext(
        "{truth} taken for {answer}: once, {share:.1%} of them",
        "{truth} taken for {answer}: {count} times, {share:.1%} of them",
        pair.count,
        share=pair.share,
        **names,
    )


def class_name(name: str) -> str:
    """Return the Korean name of a Fashion-MNIST class if the language is Korean, else `name`."""
    known = language() == "ko" and name in classes.ENGLISH  # a user's own classes have no other name
    return classes.KOREAN[classes.ENGLISH.index(name)] if known else name


def epoch_line(epoch: Epoch, event: Progress) -> str:
    """Return the line of a finished epoch, at most 80 cells wide with two digits of epochs and one of patience.

    The accuracy on the training images has no room; the table at the end has it. The seconds make room for what
    patience counts: the epochs without improvement.
    """
    scores = _(
        "epoch {number}/{epochs}  loss {loss}  val_loss {val_loss}  val_accuracy {val_accuracy}",
        number=f"{epoch.epoch:{len(str(event.epochs))}}",  # padded, so that the lines stand below each other
        epochs=event.epochs,
        **{name: _six_cells(getattr(epoch, name)) for name in ("loss", "val_loss", "val_accuracy")},
    )
    if event.waited and event.patience is not None:
        return f"{scores}  " + _("no better {waited}/{patience}", waited=event.waited, patience=event.patience)
    timed = f"{scores}  " + _("{seconds} s", seconds=f"{event.seconds:.{0 if event.seconds >= 9.95 else 1}f}")
    return timed if event.waited else f"{timed}  " + _("new best")


def _six_cells(value: float) -> str:
    return f"{value:.4f}" if value < 9.99995 else f"{value:#.5g}"


def outcome_line(outcome: Outcome, *, choosing: bool = False) -> str:
    """Return one line for a finished training, below 80 characters unless it has overrides.

    `choosing`: as in StudyProgress; omits the scores on the test images.
    """
    job = outcome.job
    scores = _(
        "{stage:14} seed {seed:<4} validation {loss:.4f} {accuracy:.4f}", **vars(job), **vars(outcome.validation)
    )
    parts = [scores]
    if not choosing:
        parts.append(_("test {loss:.4f} {accuracy:.4f}", **vars(outcome.test)))
    if job.overrides:
        parts.append(format_settings(job.overrides))
    if outcome.diverged:
        parts.append(_("diverged"))
    return "  ".join(parts)


def study_progress_line(progress: StudyProgress) -> str:
    """Return the number of finished trainings and the estimated time left."""
    return f"{progress.done}/{progress.jobs}  {time_left(progress)}".rstrip()


def time_left(progress: StudyProgress) -> str:
    """Return `3 min 3 s left`; empty without an estimate, or if all trainings are done."""
    if progress.seconds_left is None or progress.done == progress.jobs:  # no estimate before the first training is done
        return ""
    return _("{time} left", time=format_duration(progress.seconds_left))
