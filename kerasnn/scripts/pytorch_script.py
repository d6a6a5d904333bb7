"""The cells of a plain PyTorch script, which writes out the training loop that `fit` hides."""

from kerasnn.errors import UsageError
from kerasnn.language import N_, _
from kerasnn.lecture.hyperparameters import NETWORK_SETTINGS, Settings
from kerasnn.lecture.optimizers import OPTIMIZER_BY_NAME
from kerasnn.networks.architecture import Architecture, design
from kerasnn.records import ScriptCell
from kerasnn.scripts.data import data_cells, data_imports, evaluation_cell, in_order
from kerasnn.scripts.pytorch_optimizers import optimizer_cells
from kerasnn.scripts.recipe import Recipe, refuse_lacking, refuse_unwritten

# the settings that this script can express
WRITTEN = NETWORK_SETTINGS | {
    *("optimizer", "learning_rate", "momentum", "nesterov"),
    *("epochs", "batch_size", "patience", "seed"),
}
# the parts of the script that no setting changes
_TENSORS = "\n".join(
    [
        *(f"{part}_scaled = torch.from_numpy({part}_scaled)" for part in ("train", "val", "test")),
        *(f'{part}_target = torch.from_numpy({part}_target.astype("int64"))' for part in ("train", "val", "test")),
    ]
)
_WEIGHTS = """\
for layer in model:
    if isinstance(layer, nn.Linear):
        nn.init.xavier_uniform_(layer.weight)
        nn.init.zeros_(layer.bias)"""
_MEASURE = """\
def measure(images, labels):
    model.eval()
    with torch.no_grad():
        z = model(images)
    accuracy = (z.argmax(dim=-1) == labels).float().mean()
    return loss_function(z, labels).item(), accuracy.item()"""
_SETTLED = """\
torch.manual_seed({seed})
torch.set_num_threads(1)  # {why}"""
_FEW_THREADS = N_("in a network this small, several threads cost more time than they save")
_NO_SINGLE = N_("batch normalization needs two images or more")
OWN_NUMBERS = N_(
    "PyTorch draws its own initial weights, order and dropout: the metrics differ as much as between seeds"
)


def packages(recipe: Recipe) -> tuple[str, ...]:
    """Return the packages that the script needs, as pip names them."""
    return ("torch", "scikit-learn", *(("keras", "tensorflow") if recipe.data is None else ()))


def notes(recipe: Recipe) -> tuple[str, ...]:
    """Return what to expect of the script's metrics compared with the run's."""
    return (_(OWN_NUMBERS),)


def cells(recipe: Recipe) -> list[ScriptCell]:
    """Return the cells of the script. Raises: UsageError for scikit-learn's stage and for what PyTorch lacks."""
    _refuse_unsupported(recipe)
    settings = recipe.settings
    return [
        ScriptCell(_("Import PyTorch and seed everything that is random."), _begin(recipe)),
        *data_cells(recipe, unrolled=not settings.flatten),
        ScriptCell(_("Convert the arrays to tensors."), _TENSORS),
        ScriptCell(
            _("The layers. The last one returns the z values (logits); softmax is part of the loss below."),
            _model(recipe),
        ),
        ScriptCell(_("Initial weights distributed as in Keras: Glorot's uniform distribution, biases 0."), _WEIGHTS),
        *optimizer_cells(settings),
        ScriptCell(_("Measure without dropout and without gradients."), _MEASURE),
        ScriptCell(_("Train: a new order every epoch, one step per batch."), _train(settings)),
        evaluation_cell("loss, accuracy = measure(images, labels)"),
    ]


def _refuse_unsupported(recipe: Recipe) -> None:
    if recipe.stage.library != "keras":
        raise UsageError(
            _("'{name}' was trained by scikit-learn's SGDClassifier, which PyTorch does not have", name=recipe.name),
            expected=_("--framework sklearn"),
            hint=_("kerasnn code softmax --framework pytorch writes the most similar model"),
        )
    refuse_unwritten(recipe, "PyTorch", WRITTEN)
    if OPTIMIZER_BY_NAME[recipe.settings.optimizer].pytorch is None:
        refuse_lacking(recipe, "PyTorch", _("optimizer {name}", name=recipe.settings.optimizer))
    if recipe.settings.batch_norm and recipe.settings.batch_size == 1:  # every batch would be left out
        refuse_lacking(recipe, "PyTorch", _("batch normalization of single images"))
    for layer, inputs in _architecture(recipe).with_inputs():
        if layer.pytorch_code(inputs) is None:
            refuse_lacking(recipe, "PyTorch", layer.kind)


def _begin(recipe: Recipe) -> str:
    copying = {"import copy"} if recipe.settings.patience is not None else set()
    imports = data_imports(recipe) | {"import torch", "from torch import nn"} | copying
    return f"{in_order(imports)}\n\n{_SETTLED.format(seed=recipe.settings.seed, why=_(_FEW_THREADS))}"


def _architecture(recipe: Recipe) -> Architecture:
    return design(recipe.settings, image_shape=recipe.image_shape, classes=len(recipe.classes))


def _model(recipe: Recipe) -> str:
    layers = _architecture(recipe).with_inputs()
    lines = [line for layer, inputs in layers for line in layer.pytorch_code(inputs) or ()]
    return "\n".join(["model = nn.Sequential(", *(f"    {line}," for line in lines), ")", "print(model)"])


def _train(settings: Settings) -> str:
    # unlike Keras, PyTorch refuses to normalise a batch of one image, which may be left over at the end of an epoch
    skipped = f"\n        if len(chosen) == 1:\n            break  # {_(_NO_SINGLE)}" if settings.batch_norm else ""
    epochs = f"""\
for epoch in range(1, {settings.epochs + 1}):
    model.train()
    for chosen in torch.randperm(len(train_target)).split({settings.batch_size}):{skipped}
        loss = loss_function(model(train_scaled[chosen]), train_target[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    val_loss, val_accuracy = measure(val_scaled, val_target)
    print(f"epoch {{epoch}}: validation loss {{val_loss:.4f}}, accuracy {{val_accuracy:.4f}}")"""
    if settings.patience is None:
        return epochs
    # as Keras' EarlyStopping(restore_best_weights=True); with patience 0 it too waits for one epoch that is no better
    return f"""\
best_loss, best_epoch = float("inf"), 0
{epochs}
    if val_loss < best_loss:
        best_loss, best_epoch, best_weights = val_loss, epoch, copy.deepcopy(model.state_dict())
    elif epoch - best_epoch >= {max(settings.patience, 1)}:
        break
model.load_state_dict(best_weights)"""
