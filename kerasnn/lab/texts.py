"""The words of the page, by the key that its elements and scripts name them with.

`[data-text]` in the page and `text("key")` in its scripts show them; a new one needs a row here and its translation.
"""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kerasnn.lab.app import App
from kerasnn.language import N_, _, language

TEXTS: Final = {
    # the frame
    "title": N_("kerasnn lab"),
    "language": N_("Language"),
    "theme": N_("Light or dark"),
    "stages": N_("The lecture's stages"),
    "settings": N_("Settings"),
    "network": N_("The network"),
    "training": N_("Training"),
    "picture": N_("Your own picture"),
    "inside": N_("Inside the network"),
    "lecture": N_("The lecture"),
    "take": N_("Take it with you"),
    "runs": N_("Runs"),
    # the workbench
    "model": N_("Model that answers"),
    "references": N_("Reference models of the stages"),
    "theme_system": N_("as the system"),
    "theme_light": N_("light"),
    "theme_dark": N_("dark"),
    "reset_settings": N_("Set all as the stage has it"),
    "reset_one": N_("Set {name} as the stage has it"),
    "expected": N_("Expected: {what}"),
    "slider": N_("{name}, slider"),
    "new_seed": N_("Draw another seed"),
    "add_layer": N_("Add a hidden layer"),
    "remove_layer": N_("Remove the last hidden layer"),
    "layer_units": N_("Units of hidden layer {number}"),
    "idle_library": N_("Does nothing here: scikit-learn trains this stage in its own way."),
    "idle_optimizer": N_("Does nothing with {optimizer}: only {names} take it."),
    "idle_hidden": N_("Does nothing without a hidden layer."),
    "idle_needs": N_("Does nothing while {name} is 0."),
    "parameters": N_("{count} parameters: how they are counted"),
    "layer": N_("Layer"),
    "outputs": N_("Outputs"),
    "parameters_of": N_("Parameters"),
    "formula": N_("How they are counted"),
    "do": N_("What to do"),
    "do_train": N_("Train"),
    "do_pause": N_("Pause"),
    "do_continue": N_("Continue"),
    "do_epoch": N_("One epoch"),
    "do_batch": N_("One batch"),
    "do_stop": N_("Stop"),
    "do_reset": N_("Clear"),
    "do_inspect": N_("Initial weights"),
    "keys": N_("Enter trains. The space bar pauses and continues."),
    "warming": N_("The process that trains is getting ready."),
    "doing_idle": N_("Ready to train."),
    "doing_asking": N_("Asking the server."),
    "doing_queued": N_("Waiting: number {place} in the queue."),
    "doing_waiting": N_("Waiting for its turn."),
    "doing_starting": N_("Starting."),
    "doing_compiling": N_("Compiling the training program."),
    "doing_running": N_("Training."),
    "doing_epoch": N_("Epoch {epoch} of {epochs}: {seen} of {images} images"),
    "doing_paused": N_("Paused."),
    "doing_stopping": N_("Stopping; what was learnt is being saved."),
    "doing_lost": N_("The connection is lost; trying again."),
    "doing_done": N_("Done."),
    "doing_stopped": N_("Stopped."),
    "doing_failed": N_("Failed."),
    "lost": N_("The server does not answer. The training may go on there; the page tries again."),
    "restarted": N_("The lab was started again: open the address that it printed."),
    "no_run": N_("There is no run {run} here."),
    "epochs_done": N_("epochs done"),
    "training_loss": N_("training loss"),
    "validation_loss": N_("validation loss"),
    "training_accuracy": N_("training accuracy"),
    "validation_accuracy": N_("validation accuracy"),
    "seconds_per_epoch": N_("epoch time"),
    "seconds": N_("{seconds} s"),
    "loss": N_("Loss"),
    "accuracy": N_("Accuracy"),
    "curve_training": N_("training"),
    "curve_validation": N_("validation"),
    "curve_best": N_("best epoch"),
    "curve_note": N_("Training: running mean during the epoch. Validation: after it."),
    "lowest": N_("lowest validation loss {loss}"),
    "no_epochs": N_("No epoch is done yet."),
    "loss_words": N_(
        "Epochs done: {count}. The validation loss went from {first} to {last}; it was lowest in epoch "
        "{best}, at {at_best}."
    ),
    "accuracy_words": N_(
        "Epochs done: {count}. The validation accuracy went from {first} to {last}; in epoch {best}, "
        "whose validation loss was lowest, it was {at_best}."
    ),
    "epoch_values": N_(
        "Epoch {epoch}: training loss {loss}, accuracy {accuracy}; validation loss {val_loss}, accuracy {val_accuracy}"
    ),
    "remove_ghost": N_("Remove the curve of {run}"),
    "next": N_("Next:"),
    "try_next": N_("Try it"),
    "code": N_("The same network as Keras code"),
    "copy_command": N_("Copy the command"),
    "copy_code": N_("Copy the code"),
    "copy_link": N_("Copy the link to all this"),
    "save_model": N_("Save the model"),
    "save_report": N_("Save the report"),
    "saving": N_("The file is being made."),
    "copied": N_("Copied."),
    "not_copied": N_("The browser does not allow copying: select the text and copy it yourself."),
    "run": N_("Run"),
    "stage": N_("Stage"),
    "status": N_("Status"),
    "changed_settings": N_("Changed settings"),
    "show_run": N_("Show"),
    "ghost_run": N_("Compare"),
    "ask_run": N_("Ask it"),
    "status_running": N_("running"),
    "status_done": N_("done"),
    "status_stopped": N_("stopped"),
    "status_failed": N_("failed"),
    "status_damaged": N_("damaged"),
}


async def get_texts(request: Request, app: App) -> Response:
    """Return the words of the page in the language that is asked for."""
    return JSONResponse({"language": language(), "texts": {key: _(text) for key, text in TEXTS.items()}})


ROUTES: Final[list[tuple[str, str, Any]]] = [("GET", "/api/texts", get_texts)]
