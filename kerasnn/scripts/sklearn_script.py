"""The cells of a plain scikit-learn script: SGDClassifier for its own stage, else MLPClassifier."""

from kerasnn.language import N_, _, ngettext
from kerasnn.lecture.activations import ACTIVATIONS
from kerasnn.lecture.hyperparameters import Settings
from kerasnn.lecture.optimizers import OPTIMIZER_BY_NAME
from kerasnn.records import ScriptCell
from kerasnn.scripts.data import data_cells, data_imports, evaluation_cell, in_order
from kerasnn.scripts.recipe import Recipe, refuse_lacking, refuse_unwritten

# the settings that this script can express; flatten changes nothing, since images enter unrolled
WRITTEN = {
    *("hidden", "activation", "flatten", "optimizer", "learning_rate", "momentum", "nesterov"),
    *("epochs", "batch_size", "seed"),
}
_NETWORK_IMPORTS = {
    "import numpy as np",
    "from sklearn.metrics import log_loss",
    "from sklearn.neural_network import MLPClassifier",
}
OWN_NUMBERS = N_("scikit-learn draws its own initial weights and order: the metrics differ as much as between seeds")
ADAM_INSTEAD = N_(
    "scikit-learn has no {optimizer}; adam is used instead, with the same learning rate, so the metrics are those of "
    "another optimizer"
)


def packages(recipe: Recipe) -> tuple[str, ...]:
    """Return the packages that the script needs, as pip names them."""
    return ("keras", "tensorflow", "scikit-learn") if recipe.data is None else ("scikit-learn",)


def notes(recipe: Recipe) -> tuple[str, ...]:
    """Return what to expect of the script's metrics compared with the run's."""
    if recipe.stage.library == "scikit-learn":
        return ()
    settings = recipe.settings
    if OPTIMIZER_BY_NAME[settings.optimizer].scikit_learn is None:
        return (_(OWN_NUMBERS), _(ADAM_INSTEAD, optimizer=settings.optimizer))
    return (_(OWN_NUMBERS),)


def cells(recipe: Recipe) -> list[ScriptCell]:
    """Return the cells of the script. Raises: UsageError for what scikit-learn's networks lack."""
    baseline = recipe.stage.library == "scikit-learn"
    if not baseline:
        _refuse_unsupported(recipe)
    imports = data_imports(recipe)
    imports |= {"from sklearn.linear_model import SGDClassifier"} if baseline else _NETWORK_IMPORTS
    return [
        ScriptCell(_("Import what is needed."), in_order(imports)),
        *data_cells(recipe, unrolled=True, kind="float64" if baseline else "float32"),
        *(_baseline(recipe.settings) if baseline else _network(recipe)),
    ]


def _baseline(settings: Settings) -> list[ScriptCell]:
    return [
        ScriptCell(
            ngettext(
                "Logistic regressions, one per class, trained for {count} epoch.",
                "Logistic regressions, one per class, trained for {count} epochs.",
                settings.epochs,
            ),
            f'model = SGDClassifier(loss="log_loss", max_iter={settings.epochs}, random_state={settings.seed})\n'
            "model.fit(train_scaled, train_target)",
        ),
        ScriptCell(
            _("Evaluate the model; the test images are used only here."),
            'print(f"validation: accuracy {model.score(val_scaled, val_target):.4f}")\n'
            'print(f"test: accuracy {model.score(test_scaled, test_target):.4f}")',
        ),
    ]


def _network(recipe: Recipe) -> list[ScriptCell]:
    settings = recipe.settings
    return [
        ScriptCell(_("The network, without scikit-learn's default penalty on large weights."), _model(settings)),
        ScriptCell(_("Train, epoch by epoch."), _train(settings)),
        evaluation_cell(
            "loss = log_loss(labels, model.predict_proba(images), labels=model.classes_)",
            accuracy="model.score(images, labels)",
        ),
    ]


def _model(settings: Settings) -> str:
    # a note above the script says so where the optimizer is another one
    solver = OPTIMIZER_BY_NAME[settings.optimizer].scikit_learn or "adam"
    arguments = [
        f"hidden_layer_sizes={settings.hidden}",
        f'activation="{ACTIVATIONS[settings.activation].scikit_learn}"',
        f'solver="{solver}"',
        f"learning_rate_init={settings.learning_rate!r}",
        f"batch_size={settings.batch_size}",
        "alpha=0",  # no weight decay: Keras has none
        f"random_state={settings.seed}",
    ]
    if solver == "adam":
        arguments.append("epsilon=1e-7")  # as in Keras
    else:
        arguments += [f"momentum={settings.momentum!r}", f"nesterovs_momentum={settings.nesterov}"]
    return "\n".join(["model = MLPClassifier(", *(f"    {argument}," for argument in arguments), ")"])


def _train(settings: Settings) -> str:
    return f"""\
classes = np.unique(train_target)
for epoch in range(1, {settings.epochs + 1}):
    model.partial_fit(train_scaled, train_target, classes=classes)
    val_loss = log_loss(val_target, model.predict_proba(val_scaled), labels=classes)
    print(f"epoch {{epoch}}: loss {{model.loss_:.4f}}, validation loss {{val_loss:.4f}}")"""


def _refuse_unsupported(recipe: Recipe) -> None:
    framework = "scikit-learn's MLPClassifier"
    settings = recipe.settings
    refuse_unwritten(recipe, framework, WRITTEN)
    if settings.hidden and ACTIVATIONS[settings.activation].scikit_learn is None:
        refuse_lacking(recipe, framework, _("activation {name}", name=settings.activation))
