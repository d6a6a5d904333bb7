"""The words of the page, by the key that its elements and scripts name them with.

`[data-text]` in the page and `text("key")` in its scripts show them; a new one needs a row here and its translation.
"""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kerasnn.exports.page_texts import SHARED
from kerasnn.lab.app import App
from kerasnn.language import N_, _, language

TEXTS: Final = {
    **SHARED,
    # the frame
    "title": N_("kerasnn lab"),
    "theme": N_("Theme"),
    "stages": N_("The lecture's stages"),
    "settings": N_("Settings"),
    "network": N_("The network"),
    "training": N_("Training"),
    "picture": N_("Your own picture"),
    "inside": N_("Inside the network"),
    "lecture": N_("The lecture"),
    "take": N_("Take it with you"),
    "runs": N_("Runs"),
    "more": N_("More about this network"),
    # the workbench
    "model": N_("Answering model"),
    "references": N_("Reference models of the stages"),
    "theme_system": N_("like the system"),
    "theme_light": N_("light"),
    "theme_dark": N_("dark"),
    "reset_settings": N_("Reset to the stage's settings"),
    "reset_one": N_("Reset {name}"),
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
    "curve_reference": N_("reference model, validation"),
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
    "coloured": N_(
        "Units: the larger the output of {model}, the stronger the colour. Lines: weights, yellow above 0, blue below."
    ),
    "progress": N_("Progress of the training"),
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
    # the lecture
    "lesson_stops": N_("Stops of the lecture"),
    "lesson_at": N_("Stop {number} of {count}"),
    "lesson_seen": N_("{seen} of {count} visited"),
    "lesson_visited": N_("visited"),
    "lesson_previous": N_("Previous"),
    "lesson_next": N_("Next"),
    "lesson_stage": N_("train"),
    "lesson_idea": N_("idea"),
    "lesson_slide": N_("The slide: {statement}"),
    "lesson_compared": N_("To be compared with: {stage}."),
    "lesson_working": N_("Working it out on the current network ..."),
    "lesson_failed": N_("This idea could not be worked out."),
    "lesson_question": N_("A question first"),
    "lesson_your_answer": N_("Your answer in a few words; it stays in this browser"),
    "lesson_show": N_("Show the answer"),
    "lesson_you_wrote": N_("You wrote:"),
    "lesson_answer": N_("The answer"),
    "lesson_try": N_("Try it"),
    "guess_title": N_("Guess before you train"),
    "guess_accuracy": N_("How many of 100 validation images will it get right?"),
    "guess_epoch": N_("In which epoch will the validation loss be lowest?"),
    "guess_set": N_("That is my guess"),
    "guess_go": N_("To the Train button"),
    "guess_noted": N_("Noted: {right} of 100. The guess goes with your next training."),
    "guess_noted_both": N_("Noted: {right} of 100, epoch {epoch}. The guess goes with your next training."),
    "guess_past": N_("Your guesses and what came out"),
    "guess_came": N_("{stage}: you guessed {guess} of 100, and it was {came}."),
    "guess_came_epoch": N_("For the best epoch you guessed {guess}, and it was {came}."),
    "guess_column_stage": N_("stage"),
    "guess_column_right": N_("of 100 right: your guess"),
    "guess_column_epoch": N_("best epoch: your guess"),
    "guess_column_came": N_("it was"),
    "play_of_own": N_("With the network {model} and your own picture."),
    "play_of_test": N_("With the network {model} and the first test image, {name}."),
    "play_softmax_own": N_("The picture's own z"),
    "play_softmax_zero": N_("All z to 0"),
    "play_softmax_more": N_("Added to every z"),
    "play_softmax_sum": N_("The largest z is that of {name}: {z}. Softmax adds up to {sum}, the sigmoids to {other}."),
    "play_collapse_bend": N_("ReLU between the two layers"),
    "play_collapse_input": N_("The input: drag the point, or use the sliders."),
    "play_collapse_output": N_("The output: the point comes from the two layers, the ring from the one layer W1 W2."),
    "play_collapse_outputs": N_("Two layers: {two}. One layer: {one}. Difference: {difference}."),
    "play_dropout_rate": N_("Share dropped"),
    "play_dropout_scaled": N_("Multiply the rest by 1 / (1 - rate), as Keras does"),
    "play_dropout_draw": N_("Draw a new mask"),
    "play_dropout_many": N_("Draw {count} masks"),
    "play_dropout_cells": N_(
        "The last hidden layer's units: the stronger the colour, the larger the output; those with a cross are dropped."
    ),
    "play_dropout_sums": N_(
        "{kept} of {count} units stay. Sum of the outputs: {sum}, without dropout {whole}. Masks drawn so far: "
        "{draws}, mean of their sums: {mean}."
    ),
    "play_dropout_without": N_("Dropout off"),
    "play_dropout_with": N_("With this mask"),
    "play_race_bowl": N_(
        "The loss (x^2 + 12 y^2) / 2 from above. Click where the race should start, or use the sliders."
    ),
    "play_race_go": N_("Start the race"),
    "play_race_step": N_("Step"),
    "play_race_factor": N_("All learning rates"),
    "play_race_start": N_("Start, {axis}"),
    "play_race_places": N_("Where the optimizers are"),
    "play_race_after": N_("After step {step}, the lowest loss first"),
    "play_race_number": N_("no."),
    "play_race_name": N_("optimizer"),
    "play_race_rate": N_("learning rate"),
    "play_race_point": N_("(x, y)"),
    "play_race_loss": N_("loss"),
    "play_argmax_axis": N_("Which axis disappears?"),
    "play_argmax_table": N_("The scores z of three images, one column for each class"),
    "play_argmax_ask": N_(
        "Choose the place of the largest value for each of the {count} results of argmax(axis={axis})."
    ),
    "play_argmax_show": N_("Show argmax"),
    "play_argmax_result": N_("argmax(axis={axis}) = {result}, of shape {shape}. You found {found} of {count}."),
    "play_argmax_own": N_("your picture"),
    # the picture
    "test-image": N_("A test image"),
    "truth": N_("true class: {name}"),
    "as-given": N_("As given"),
    # inside the network
    "weights": N_("Weights of layer {layer}"),
    "weights-note": N_("One image a unit, all on one scale: yellow weights are above 0, blue ones below."),
    "first-units": N_("The first {count} of {all} units."),
    "no-weights": N_("This model has no weights that can be shown as images."),
    "output-units": N_("Units of layer {layer}"),
    "confusion": N_("Confusion matrix: {count} validation images, accuracy {accuracy}"),
    "truth-rows": N_("true class"),
    "answer-columns": N_("answer"),
    "cell": N_("{truth} taken for {answer}: {count}"),
    "cell-right": N_("{truth}, right: {count}"),
    "wall": N_("{right} of these {count} validation images are right"),
    "wall-note": N_("An image that you choose becomes your own picture. A cross marks a wrong answer."),
    "wall-right": N_("{truth}: right"),
    "wall-wrong": N_("{truth}, taken for {answer}"),
    "exciting": N_("The validation images with the largest z"),
    "active": N_("Its output is at least 0.01 from 0 for {share} of the validation images."),
    "unit-note": N_("Point at a unit, or move to it with the arrow keys, to see what it does."),
}


async def get_texts(request: Request, app: App) -> Response:
    """Return the words of the page in the language that is asked for."""
    return JSONResponse({"language": language(), "texts": {key: _(text) for key, text in TEXTS.items()}})


ROUTES: Final[list[tuple[str, str, Any]]] = [("GET", "/api/texts", get_texts)]
