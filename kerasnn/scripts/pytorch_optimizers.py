"""The optimizer of a PyTorch script, with the update rule and the constants of Keras.

PyTorch's SGD and, with other constants, its Adagrad compute what Keras' do. Its RMSprop and Adam add epsilon elsewhere,
so scripts define their own: with PyTorch's RMSprop the lecture's softmax ends 16 standard deviations between seeds off.
"""

from typing import Final

from kerasnn.language import _
from kerasnn.lecture.hyperparameters import Settings, optimizer_settings
from kerasnn.records import ScriptCell

# by the class in `torch.optim` that each replaces
_RULES: Final = {
    "RMSprop": '''\
class RMSprop(torch.optim.Optimizer):
    """Keras' RMSprop divides by root(mean of g^2 + epsilon), PyTorch's by root(mean of g^2) + epsilon."""

    def __init__(self, parameters, lr, momentum=0.0):
        super().__init__(parameters, {"lr": lr, "momentum": momentum})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for weights in group["params"]:
                state = self.state[weights]
                if not state:
                    state.update(mean=torch.zeros_like(weights), last=torch.zeros_like(weights))
                state["mean"].mul_(0.9).addcmul_(weights.grad, weights.grad, value=0.1)
                step = group["lr"] * weights.grad / (state["mean"] + 1e-7).sqrt()
                weights -= state["last"].mul_(group["momentum"]).add_(step)''',
    "Adam": '''\
class Adam(torch.optim.Adam):
    """Keras adds epsilon to the root before it corrects the mean for its start at 0, PyTorch after that."""

    steps = 0

    def step(self):
        self.steps += 1
        for group in self.param_groups:
            group["eps"] = 1e-7 / (1 - 0.999**self.steps) ** 0.5
        super().step()''',
}


def optimizer_cells(settings: Settings) -> list[ScriptCell]:
    """Return the cells that make the loss, and the optimizer of `settings` for `model.parameters()`."""
    optimizer, values = optimizer_settings(settings)
    assert optimizer.pytorch is not None, "the script was refused"
    name, *constants = optimizer.pytorch
    rate = values.pop("learning_rate")
    arguments = [f"lr={rate!r}", *constants, *(f"{setting}={value!r}" for setting, value in values.items())]
    rule, place = _RULES.get(name), "" if name in _RULES else "torch.optim."
    return [
        *([ScriptCell(_("{optimizer} by Keras' rule, not by PyTorch's.", optimizer=name), rule)] if rule else []),
        ScriptCell(
            _("The loss that training lowers, and the optimizer with Keras' constants."),
            f"loss_function = nn.CrossEntropyLoss()\n"
            f"optimizer = {place}{name}(model.parameters(), {', '.join(arguments)})",
        ),
    ]
