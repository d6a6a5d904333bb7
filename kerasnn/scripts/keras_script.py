"""The training as a plain Keras script, in the lecture's words."""

from kerasnn.errors import UsageError
from kerasnn.language import N_, _
from kerasnn.lecture.hyperparameters import Settings, optimizer_settings
from kerasnn.lecture.optimizers import OPTIMIZER_SETTINGS
from kerasnn.networks.architecture import design
from kerasnn.records import ScriptCell
from kerasnn.scripts.data import data_cells, data_imports
from kerasnn.scripts.imports import in_order
from kerasnn.scripts.recipe import Recipe, refuse_unwritten

NEW_ORDER = N_(
    "The engine `fused` shows the images in an order of its own in every epoch, which this script repeats; it computes "
    "in another way, so the last digits may differ"
)
OTHER_MASKS = N_(
    "The engine `fused` shows the images in an order of its own in every epoch, which this script repeats. Which units "
    "are dropped it draws in a way of its own, which Keras cannot repeat: the figures differ as they do between seeds"
)
ONE_ORDER = N_(
    "On TensorFlow, fit() after set_random_seed() repeats one order of the images in every epoch; so did the run, "
    "which this script repeats to the printed digits"
)
# the settings that this script can express
WRITTEN = OPTIMIZER_SETTINGS | {
    *("hidden", "activation", "dropout", "batch_norm", "flatten", "epochs", "batch_size", "patience", "seed"),
}
PACKAGES = {"tensorflow": ("tensorflow",), "torch": ("torch",), "jax": ("jax",)}


def packages(recipe: Recipe) -> tuple[str, ...]:
    return (*PACKAGES[recipe.backend], "keras", "scikit-learn")


def notes(recipe: Recipe) -> tuple[str, ...]:
    """Where the script's figures may differ from the run's, and why they need not."""
    if recipe.engine == "fused":
        return (_(OTHER_MASKS) if recipe.settings.dropout else _(NEW_ORDER),)
    return (_(ONE_ORDER),) if recipe.backend == "tensorflow" else ()


def cells(recipe: Recipe) -> list[ScriptCell]:
    """The script in pieces.

    Raises: UsageError for the stage that is scikit-learn's.
    """
    if recipe.stage.library != "keras":
        raise UsageError(
            _(
                "'{name}' was trained by scikit-learn, and ten yes-or-no regressions are no Keras model",
                name=recipe.name,
            ),
            expected=_("--framework sklearn"),
            hint=_("kerasnn code softmax is the Keras model nearest to it"),
        )
    settings = recipe.settings
    refuse_unwritten(recipe, "Keras", WRITTEN)
    parts = [
        ScriptCell(_("Import Keras and settle everything that is random."), _begin(recipe)),
        *data_cells(recipe, unrolled=not settings.flatten),
        ScriptCell(_("The layers: None in the summary is the batch dimension."), _model(recipe)),
        ScriptCell(_("The loss that training lowers, the metric to watch, and the optimizer."), _compile(settings)),
    ]
    if recipe.engine == "fused":
        parts.append(
            ScriptCell(_("The batches of an epoch, in an order drawn from the seed and the epoch."), _batches(recipe))
        )
    parts.append(ScriptCell(_("Train."), _fit(recipe)))
    parts.append(ScriptCell(_("Measure what was learnt; the test images are looked at only here."), _evaluate()))
    return parts


def _begin(recipe: Recipe) -> str:
    imports = data_imports(recipe) | {"import keras"}
    if recipe.engine == "fused":
        imports.add("import numpy as np")
    if recipe.backend == "tensorflow":
        imports.add("import tensorflow as tf")
    early = "  # " + _("before Keras is imported")
    lines = ["import os", "", f'os.environ["KERAS_BACKEND"] = "{recipe.backend}"' + early, ""]
    lines += [in_order(imports), "", f"keras.utils.set_random_seed({recipe.settings.seed})"]
    if recipe.backend == "tensorflow":
        lines.append("tf.config.experimental.enable_op_determinism()")
    return "\n".join(lines)


def _model(recipe: Recipe) -> str:
    architecture = design(recipe.settings, image_shape=recipe.image_shape, classes=recipe.classes)
    layers = [f"keras.Input({architecture.input_shape})", *(layer.keras_code() for layer in architecture.layers)]
    return "\n".join(["model = keras.Sequential([", *(f"    {layer}," for layer in layers), "])", "model.summary()"])


def _compile(settings: Settings) -> str:
    return "\n".join(
        [
            "model.compile(",
            f"    optimizer={_optimizer(settings)},",
            '    loss="sparse_categorical_crossentropy",',
            '    metrics=["accuracy"],',
            ")",
        ]
    )


def _optimizer(settings: Settings) -> str:
    optimizer, arguments = optimizer_settings(settings)
    return f"keras.optimizers.{optimizer.keras_class}({', '.join(f'{name}={arguments[name]!r}' for name in arguments)})"


def _batches(recipe: Recipe) -> str:
    seed, size = recipe.settings.seed, recipe.settings.batch_size
    return f'''\
class Batches(keras.utils.PyDataset):
    """The training images, {size} at a time."""

    def shuffle(self, epoch):
        self.order = np.random.default_rng([{seed}, epoch]).permutation(len(train_target))

    def __len__(self):
        return -(-len(train_target) // {size})

    def __getitem__(self, number):
        chosen = self.order[number * {size} : (number + 1) * {size}]
        return train_scaled[chosen], train_target[chosen]'''


def _fit(recipe: Recipe) -> str:
    settings = recipe.settings
    before, callbacks = [], []
    if recipe.engine == "fused":
        before += [
            "batches = Batches()",
            "batches.shuffle(0)",
            "shuffling = keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: batches.shuffle(epoch))",
        ]
        callbacks.append("shuffling")
        arguments = ["batches", "shuffle=False"]
    else:
        arguments = ["train_scaled", "train_target", f"batch_size={settings.batch_size}"]
    if settings.patience is not None:
        stopping = f"keras.callbacks.EarlyStopping(patience={settings.patience}, restore_best_weights=True)"
        before.append(f"stopping = {stopping}")
        callbacks.append("stopping")
    arguments += [f"epochs={settings.epochs}", "validation_data=(val_scaled, val_target)"]
    if callbacks:
        arguments.append(f"callbacks=[{', '.join(callbacks)}]")
    arguments.append("verbose=2")
    return "\n".join([*before, "history = model.fit(", *(f"    {argument}," for argument in arguments), ")"])


def _evaluate() -> str:
    return (
        'for name, images, labels in ("validation", val_scaled, val_target), ("test", test_scaled, test_target):\n'
        "    loss, accuracy = model.evaluate(images, labels, verbose=0)\n"
        '    print(f"{name}: loss {loss:.4f}, accuracy {accuracy:.4f}")'
    )
