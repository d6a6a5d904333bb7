"""The command that a command names at its end: the most useful one after it, with the same model, runs and data.

After a training its curves decide instead: kerasnn.runs.next_command.
"""

import shlex
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Final

from kerasnn.errors import KerasnnError, spelled
from kerasnn.files.paths import REPRODUCTION, RUNS
from kerasnn.lecture.hyperparameters import SEED
from kerasnn.lecture.topics import TOPICS
from kerasnn.runs.next_command import flags_of

Values = Mapping[str, Any]  # what the command was given, by the names of its parameters
FIRST_STAGE: Final = "softmax"
USUAL_STAGE: Final = "dropout"
FIRST_CLAIM: Final = "hidden-beats-softmax"
PICTURES: Final = "plots"


def next_command(name: str, values: Values) -> str | None:
    """Return the command to name after the command `name`, called with `values`; None if its result decides."""
    words = NEXT[name](values)
    return shlex.join(["kerasnn", *words]) if words else None


def _flags(values: Values, *names: str) -> list[str]:
    """Return those of the flags that were given and matter to the next command too."""
    every = dict(values)
    for group in filter(is_dataclass, values.values()):
        every |= {each.name: getattr(group, each.name) for each in fields(group)}
    found = []
    for flag, usual in (("--runs", RUNS), ("--dataset", "auto"), ("--data-dir", None), ("--trust", False)):
        name = "out" if flag == "--runs" and "out" in every else flag[2:].replace("-", "_")
        value = every.get(name)
        if flag in names and value not in (None, False, usual):
            found += [flag] if value is True else [flag, str(value)]
    return found


def _overrides(values: Values) -> list[str]:
    # Typer collects repeated flags in a list
    given = {name: tuple(value) if isinstance(value, list) else value for name, value in values["overrides"].items()}
    return flags_of(given)


def _on_model(command: str, model: str, values: Values, *more: str) -> list[str]:
    return [*command.split(), model, *more, *_flags(values, "--runs", "--trust")]


def _after_draw(values: Values) -> list[str]:
    if values["overrides"]:
        return ["train", values["model"], *_overrides(values)]
    return _on_model("weights", values["model"], values)


def _after_summary(values: Values) -> list[str]:
    model = values["chosen"].name or values["stage"] or USUAL_STAGE
    return [*_on_model("draw", model, values), *_overrides(values)]


def _after_weights(values: Values) -> list[str]:
    return _on_model("evaluate", values["model"], values)


def _after_evaluate(values: Values) -> list[str]:
    return [*_on_model("report", values["model"], values), *_flags(values, "--dataset", "--data-dir")]


def _after_predict(values: Values) -> list[str]:
    data = _flags(values, "--dataset", "--data-dir")
    if values["pictures"].plots is not None:
        return [*_on_model("evaluate", values["model"], values), *data]
    images = [name if name[0] != "-" else f"./{name}" for name in map(str, values["images"] or ())]  # no flags
    asked = [*images, *(f"--index={each}" for each in values["index"] or ())]
    how = [flag for flag in ("--invert", "--as-is") if values[flag[2:].replace("-", "_")]]
    return [*_on_model("predict", values["model"], values, *asked, *how), *data, "--plots", PICTURES]


def _after_explain(values: Values) -> list[str]:
    names, data = [topic.name for topic in TOPICS], _flags(values, "--dataset", "--data-dir")
    before = values["topic"] and spelled(values["topic"], names)
    place = names.index(before) + 1 if before else 0
    return ["explain", names[place], *data] if place < len(names) else ["tour", *data]


def _after_claims(values: Values) -> list[str]:
    if not values["judged"]:
        return ["claims", "--judge", *(values["names"] or [FIRST_CLAIM])]
    return ["report", "--lecture"]


def _after_reproduce(values: Values) -> list[str]:
    """Judge the claims by the same trainings."""
    own = (("--seeds", values["seeds"], 5), ("--seed", values["seed"], SEED), ("--out", values["out"], REPRODUCTION))
    same = [word for flag, value, usual in own if value != usual for word in (flag, str(value))]
    return ["claims", "--judge", *same, *_flags(values, "--dataset", "--data-dir")]


def _after_code(values: Values) -> list[str]:
    model, runs = values["model"], _flags(values, "--runs")
    if values["slides"]:
        return ["code", model, *runs]
    if values["file"] is None:
        return ["code", model, "--out", f"{USUAL_STAGE if '/' in model else model}.py", *runs]
    return ["summary", model, *runs]


def _after_export(values: Values) -> list[str]:
    from kerasnn.runs.find_model import find_model  # imports NumPy
    from kerasnn.scripts.data import WRITERS
    from kerasnn.scripts.recipe import recipe_of

    try:  # by the record alone: whether a script can read the data takes as long as reading them
        recipe = recipe_of(find_model(values["model"], Path(values["runs"])))
    except KerasnnError:  # trained elsewhere
        return _on_model("weights", values["model"], values)
    is_written = not recipe.conversions and recipe.form in (None, *WRITERS)
    return _on_model("code" if is_written else "weights", values["model"], values)


def _after_report(values: Values) -> list[str]:
    return ["claims"] if values["lecture"] else ["report", "--lecture"]


def _after_verify(values: Values) -> list[str]:
    return _on_model("report", values["subject"], values)


def _after_compare(values: Values) -> list[str]:
    return ["report", *values["runs"], *_flags(values, "--runs")]


def _after_convert(values: Values) -> list[str]:
    from kerasnn.data.convert import target_of  # imports NumPy

    return [
        "train",
        FIRST_STAGE,
        "--dataset",
        str(target_of(values["chosen"].source, values["chosen"].target, values["to"])[1]),
    ]


def _after_show(values: Values) -> list[str]:
    name = values["chosen"].name
    own = ["--dataset", name] if name not in (None, "auto") else []
    return ["train", FIRST_STAGE, *own, *_flags(values, "--data-dir")]


def _train(stage: str) -> Callable[[Values], list[str]]:
    return lambda values: ["train", stage, *_flags(values, "--runs", "--dataset", "--data-dir")]


def _same(*words: str, keep: tuple[str, ...] = ()) -> Callable[[Values], list[str]]:
    return lambda values: [*words, *_flags(values, *keep)]


def _of_result(_values: Values) -> list[str]:
    return []


NEXT: Final[Mapping[str, Callable[[Values], list[str]]]] = {
    "claims": _after_claims,
    "code": _after_code,
    "compare-sklearn": _same("explain", "sigmoid-softmax"),
    "data convert": _after_convert,
    "data get": _same("data", "show", keep=("--data-dir",)),
    "data show": _after_show,
    "data verify": _same("data", "show", keep=("--data-dir",)),
    "doctor": _train(USUAL_STAGE),
    "draw": _after_draw,
    "evaluate": _after_evaluate,
    "explain": _after_explain,
    "export": _after_export,
    "predict": _after_predict,
    "race": _same("explain", "optimizers"),
    "report": _after_report,
    "reproduce": _after_reproduce,
    "runs compare": _after_compare,
    "runs export": _of_result,
    "runs import": _of_result,
    "runs list": _of_result,
    "runs remove": _same("runs", "list", keep=("--runs",)),
    "runs show": _of_result,
    "stages": _train(USUAL_STAGE),
    "summary": _after_summary,
    "tour": _train(USUAL_STAGE),
    "train": _of_result,
    "tune": _of_result,
    "verify": _after_verify,
    "weights": _after_weights,
    "lab": lambda values: ["runs", "list", *_flags(values, "--runs")],
}
