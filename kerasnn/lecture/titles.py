"""The title and the introduction of a training: its stage's, or built from the settings if they were changed."""

from typing import Any, Final

from kerasnn.language import N_, _, ngettext
from kerasnn.lecture.activations import ACTIVATIONS
from kerasnn.lecture.hyperparameters import (
    HYPERPARAMETER_BY_NAME,
    HYPERPARAMETERS,
    Hyperparameter,
    Settings,
    changed_beyond,
    format_value,
)
from kerasnn.lecture.optimizers import OPTIMIZER_BY_NAME
from kerasnn.lecture.stages import STAGE_BY_NAME, Stage

# settings with words of their own in a title; flatten changes no result
_IN_WORDS: Final = {"hidden", "activation", "flatten", "optimizer", "learning_rate", "epochs", "seed"}
_COUNTS: Final = {2: N_("Two"), 3: N_("Three"), 4: N_("Four")}


def training_title(stage: str, settings: Settings) -> str:
    """Return the stage's title; if settings were changed, one such as `One hidden layer of 50 ReLU units, Adam, ...`.

    Another seed is no change.
    """
    known = STAGE_BY_NAME.get(stage)
    if known is None:
        return stage  # one of another version
    if not _changed(known, settings):
        return _(known.title)
    epochs = ngettext("{count} epoch", "{count} epochs", settings.epochs)
    if known.library == "scikit-learn":
        return f"{_(known.title)}, {epochs}"
    optimizer = OPTIMIZER_BY_NAME[settings.optimizer]
    rows = list(changed_beyond(settings, _IN_WORDS))
    if settings.learning_rate != optimizer.learning_rate:
        rows.insert(0, HYPERPARAMETER_BY_NAME["learning_rate"])
    return ", ".join([_layers(settings), optimizer.keras_class, epochs, *(_setting(row, settings) for row in rows)])


def training_introduction(stage: str, settings: Settings) -> str:
    """Return what is new in the stage; if settings were changed, how they differ from the stage's own."""
    known = STAGE_BY_NAME.get(stage)
    if known is None:
        return ""
    changes = setting_changes(known, settings)
    if not changes:
        return _(known.step)
    return _(
        "Unlike {stage} in the lecture: {changes}. What the slides say of {stage} and the published numbers do not "
        "apply.",
        stage=stage,
        changes=changes,
    )


def setting_changes(stage: Stage, settings: Settings) -> str:
    """Return each changed setting as `epochs 7 instead of 20`; empty if none was changed."""
    return ", ".join(
        _("{setting} instead of {own}", setting=_setting(row, settings), own=_value(stage.settings, row))
        for row in _changed(stage, settings)
    )


def _changed(stage: Stage, settings: Settings) -> list[Hyperparameter]:
    own = stage.settings
    rows = [row for row in HYPERPARAMETERS if row.name != "seed"]
    return [row for row in rows if getattr(settings, row.name) != getattr(own, row.name)]


def _layers(settings: Settings) -> str:
    units = [str(count) for count in settings.hidden]
    if not units:
        return _("One Dense layer with softmax")
    activation = ACTIVATIONS[settings.activation]
    name = activation.title or activation.name
    if len(units) == 1:
        return ngettext(
            "One hidden layer of {count} {activation} unit",
            "One hidden layer of {count} {activation} units",
            settings.hidden[0],
            activation=name,
        )
    return _(
        "{layers} hidden layers of {units} {activation} units",
        layers=_(_COUNTS.get(len(units), str(len(units)))),
        units=_("{items} and {last}", items=", ".join(units[:-1]), last=units[-1]),
        activation=name,
    )


def _setting(row: Hyperparameter, settings: Settings) -> str:
    """Return `dropout 0.3`, or the name alone of a switch that is on."""
    return _(row.label) if getattr(settings, row.name) is True else f"{_(row.label)} {_value(settings, row)}"


def _value(settings: Settings, row: Hyperparameter) -> str:
    value: Any = getattr(settings, row.name)
    return _("none") if value is None else format_value(value)
