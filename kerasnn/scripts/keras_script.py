"""The cells of a plain Keras script, in the style of the lecture."""

from kerasnn.errors import UsageError
from kerasnn.language import N_, _
from kerasnn.lecture.hyperparameters import INITIALIZERS, NETWORK_SETTINGS, Settings, optimizer_settings
from kerasnn.lecture.layers import Dense
from kerasnn.lecture.optimizers import OPTIMIZER_SETTINGS
from kerasnn.networks.architecture import design
from kerasnn.records import ScriptCell
from kerasnn.scripts.data import data_cells, data_imports, evaluation_cell, in_order
from kerasnn.scripts.recipe import Recipe, refuse_unwritten

NEW_ORDER = N_(
    "The engine `fused` shuffles the images in its own order every epoch, which this script repeats; it computes "
    "differently, so the last digits may differ"
)
OTHER_MASKS = N_(
    "The engine `fused` shuffles the images in its own order every epoch, which this script repeats. It also draws its "
    "own dropout masks, which Keras cannot repeat: the metrics differ as much as between seeds"
)
ONE_ORDER = N_(
    "On TensorFlow, fit() after set_random_seed() uses the same order of the images in every epoch; so did the run, "
    "which this script repeats to the printed digits"
)
# the settings that this script can express
WRITTEN = NETWORK_SETTINGS | OPTIMIZER_SETTINGS | {"initializer", "epochs", "batch_size", "patience", "seed"}
PACKAGES = {"tensorflow": ("tensorflow",), "torch": ("torch",), "jax": ("jax",)}


def packages(recipe: Recipe) -> tuple[str, ...]:
    """Return the packages that the script needs, as pip names them."""
    return (*PACKAGES[recipe.backend], "keras", "scikit-learn")


def notes(recipe: Recipe) -> tuple[str, ...]:
    """Return what to expect of the script's metrics compared with the run's."""
    if recipe.engine == "fused":
        return (_(OTHER_MASKS) if recipe.settings.dropout else _(NEW_ORDER),)
    return (_(ONE_ORDER),) if recipe.backend == "tensorflow" else ()


def cells(recipe: Recipe) -> list[ScriptCell]:
    """Return the cells of the script. Raises: UsageError for scikit-learn's stage."""
    if recipe.stage.library != "keras":
        raise UsageError(
            _(
                "'{name}' was trained by scikit-learn as yes-or-no regressions, which is not a Keras model",
                name=recipe.name,
            ),
            expected=_("--framework sklearn"),
            hint=_("kerasnn code softmax writes the most similar Keras model"),
        )
    refuse_unwritten(recipe, "Keras", WRITTEN)
    return [
        ScriptCell(_("Import Keras and seed everything that is random."), _begin(recipe)),
        *data_cells(recipe, unrolled=not recipe.settings.flatten),
        ScriptCell(_("The layers: None in the summary is the batch dimension."), _model(recipe)),
        ScriptCell(
            _("The loss that training lowers, the metric to watch, and the optimizer."), _compile(recipe.settings)
        ),
        *([_batches(recipe.settings)] if recipe.engine == "fused" else []),
        ScriptCell(_("Train."), _fit(recipe)),
        evaluation_cell("loss, accuracy = model.evaluate(images, labels, verbose=0)"),
    ]


def _begin(recipe: Recipe) -> str:
    imports = data_imports(recipe) - {"import os"} | {"import keras"}  # os comes first
    if recipe.engine == "fused":
        imports.add("import numpy as np")
    if recipe.backend == "tensorflow":
        imports.add("import tensorflow as tf")
    early = "  # " + _("before Keras is imported")
    lines = ["import os", "", f'os.environ["KERAS_BACKEND"] = "{recipe.backend}"' + early, ""]
    lines += [in_order(imports), "", f"keras.utils.set_random_seed({recipe.settings.seed})"]
    if recipe.backend == "tensorflow":
        lines.append("tf.config.experimental.enable_op_determinism()")  # as kerasnn itself and the notebooks do
    return "\n".join(lines)


def _model(recipe: Recipe) -> str:
    architecture = design(recipe.settings, image_shape=recipe.image_shape, classes=len(recipe.classes))
    layers = [f"keras.Input({architecture.input_shape})"]
    for layer in architecture.layers:
        code = layer.keras_code()
        if isinstance(layer, Dense) and recipe.settings.initializer != INITIALIZERS[0]:  # else Keras' own default
            code = f'{code[:-1]}, kernel_initializer="{recipe.settings.initializer}")'
        layers.append(code)
    return "\n".join(["model = keras.Sequential([", *(f"    {layer}," for layer in layers), "])", "model.summary()"])


def _compile(settings: Settings) -> str:
    optimizer, values = optimizer_settings(settings)
    arguments = ", ".join(f"{name}={value!r}" for name, value in values.items())
    return f"""\
model.compile(
    optimizer=keras.optimizers.{optimizer.keras_class}({arguments}),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)"""


def _batches(settings: Settings) -> ScriptCell:
    seed, size = settings.seed, settings.batch_size
    # fit() shuffles with a generator of its own: only a data set of Keras can take the images in another order
    return ScriptCell(
        _("The batches of an epoch, in an order drawn from the seed and the epoch."),
        f'''\
class Batches(keras.utils.PyDataset):
    """The training images, {size} at a time."""

    def shuffle(self, epoch):
        self.order = np.random.default_rng([{seed}, epoch]).permutation(len(train_target))

    def __len__(self):
        return -(-len(train_target) // {size})

    def __getitem__(self, number):
        chosen = self.order[number * {size} : (number + 1) * {size}]
        return train_scaled[chosen], train_target[chosen]''',
    )


def _fit(recipe: Recipe) -> str:
    settings = recipe.settings
    before: list[str] = []
    callbacks: list[str] = []
    arguments = ["train_scaled", "train_target", f"batch_size={settings.batch_size}"]
    if recipe.engine == "fused":
        shuffling = "keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: batches.shuffle(epoch))"
        # Keras asks for the shape of a batch before the first epoch begins
        before += ["batches = Batches()", "batches.shuffle(0)", f"shuffling = {shuffling}"]
        callbacks.append("shuffling")
        arguments = ["batches", "shuffle=False"]
    if settings.patience is not None:
        stopping = f"keras.callbacks.EarlyStopping(patience={settings.patience}, restore_best_weights=True)"
        before.append(f"stopping = {stopping}")
        callbacks.append("stopping")
    arguments += [f"epochs={settings.epochs}", "validation_data=(val_scaled, val_target)"]
    if callbacks:
        arguments.append(f"callbacks=[{', '.join(callbacks)}]")
    arguments.append("verbose=2")
    return "\n".join([*before, "history = model.fit(", *(f"    {argument}," for argument in arguments), ")"])
