"""The codes of notes, and the sentence of each."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from kerasnn.language import N_


class Code(StrEnum):
    """Codes of notes. Some of them are saved in run.json, so none may change."""

    NOT_CONVERGED = "not-converged"
    RESUMED_DESPITE = "resumed-despite"
    TRAINING_LOSS_NOT_FINITE = "training-loss-not-finite"
    VALIDATION_LOSS_NOT_FINITE = "validation-loss-not-finite"
    WEIGHTS_NOT_FINITE = "weights-not-finite"
    LOSS_EXPLODED = "loss-exploded"
    OUT_OF_MEMORY = "out-of-memory"
    ERROR = "error"
    BANDS_OF_FUSED = "bands-of-fused"
    NOT_REPEATED = "not-repeated"
    KILLED = "killed"
    # a record beside what can be measured
    RECORD_EDITED = "record-edited"
    MODEL_REPLACED = "model-replaced"
    TRAINING_DIFFERS = "training-differs"
    VALIDATION_DIFFERS = "validation-differs"
    TEST_DIFFERS = "test-differs"
    DATA_CHANGED = "data-changed"
    OTHER_DATA = "other-data"
    NOT_MEASURED = "not-measured"
    PACK_CHANGED = "pack-changed"
    HISTORY_DIFFERS = "history-differs"
    STATE_DIFFERS = "state-differs"
    # a model of unknown origin
    ASSUMED_CLASSES = "assumed-classes"
    NUMBERED_CLASSES = "numbered-classes"
    NEAR_CHANCE = "near-chance"
    VALIDATION_SEEN = "validation-seen"
    INDEPENDENT_OUTPUTS = "independent-outputs"
    ASSUMED_LOGITS = "assumed-logits"
    BYTES_BY_MEAN = "bytes-by-mean"
    BYTES_BY_TYPE = "bytes-by-type"
    OTHER_PIXELS = "other-pixels"
    # usual causes of a metric outside its band
    OTHER_EPOCHS = "other-epochs"
    ONE_NUMBER = "one-number"
    NOT_AS_RECORDED = "not-as-recorded"
    PREDICTS_OTHERWISE = "predicts-otherwise"
    VALIDATION_LEAKED = "validation-leaked"
    TEST_LEAKED = "test-leaked"
    MEASURED_OTHERWISE = "measured-otherwise"
    WRONG_LABELS = "wrong-labels"
    NOT_NORMALISED = "not-normalised"
    LEARNS_SLOWER = "learns-slower"
    LEARNS_FASTER = "learns-faster"
    OTHER_START = "other-start"
    CHANGED_LATER = "changed-later"
    OTHER_IMAGES = "other-images"
    CHANCE = "chance"
    UNEXPLAINED = "unexplained"
    # a data set that cannot teach, or accuracies that mean little
    LABELS_START_LATE = "labels-start-late"
    CLASS_WITHOUT_IMAGES = "class-without-images"
    CLASS_NOT_TAUGHT = "class-not-taught"
    CLASS_NOT_VALIDATED = "class-not-validated"
    CLASS_NOT_TESTED = "class-not-tested"
    CLASSES_ALIKE = "classes-alike"
    ONE_CLASS = "one-class"
    LARGEST_CLASS = "largest-class"
    FEW_IMAGES = "few-images"
    DARK_IMAGES = "dark-images"
    BLANK_IMAGES = "blank-images"
    TEST_IMAGES_LEARNT = "test-images-learnt"
    VALIDATION_IMAGES_LEARNT = "validation-images-learnt"
    CONTRADICTORY_LABELS = "contradictory-labels"
    # what was done to a user's data to read them
    CHANNEL_REMOVED = "channel-removed"
    COLOURS_TO_GREY = "colours-to-grey"
    ROWS_TO_SQUARES = "rows-to-squares"
    PIXELS_AS_BYTES = "pixels-as-bytes"
    PIXELS_SCALED = "pixels-scaled"
    PIXELS_ROUNDED = "pixels-rounded"
    IMAGES_TURNED = "images-turned"
    LABEL_COLUMN = "label-column"
    COLUMNS_ORDERED = "columns-ordered"
    COLUMNS_LEFT_OUT = "columns-left-out"
    DECIMAL_COMMAS = "decimal-commas"
    TABLE_UNLABELLED = "table-unlabelled"
    TABLES_LEFT_OUT = "tables-left-out"
    LABELS_FLATTENED = "labels-flattened"
    LABELS_WHOLE = "labels-whole"
    LABELS_ONE_HOT = "labels-one-hot"
    LABELS_NUMBERED = "labels-numbered"
    LABELS_FROM_ONE = "labels-from-one"
    ARRAYS_ASSUMED = "arrays-assumed"
    PARTS_JOINED = "parts-joined"
    TEST_HELD_OUT = "test-held-out"
    NOT_AS_PUBLISHED = "not-as-published"
    PICTURES_SCALED = "pictures-scaled"
    PICTURES_GREY = "pictures-grey"
    PICTURES_DEEP = "pictures-deep"
    PICTURES_OPAQUE = "pictures-opaque"
    PICTURES_FIRST = "pictures-first"
    PICTURES_TURNED = "pictures-turned"
    FILES_LEFT_OUT = "files-left-out"
    FOLDERS_EMPTY = "folders-empty"
    FOLDERS_SHARED = "folders-shared"
    PARTS_INSIDE = "parts-inside"
    # why a network did not learn
    HIGH_RATE = "high-rate"
    LOW_RATE = "low-rate"
    DEAD_UNITS = "dead-units"
    SATURATED_UNITS = "saturated-units"


SENTENCES: Final[Mapping[str, str]] = {
    Code.NOT_CONVERGED: N_(
        "SGDClassifier stopped before it converged; scikit-learn warns about it once per class. The lecture "
        "stops there on purpose; more --epochs bring it closer"
    ),
    Code.RESUMED_DESPITE: N_("resumed although {name} was {before} and is {now}"),
    Code.TRAINING_LOSS_NOT_FINITE: N_("the training loss is {loss}"),
    Code.VALIDATION_LOSS_NOT_FINITE: N_("the validation loss is {loss}"),
    Code.WEIGHTS_NOT_FINITE: N_("some weights are infinite or not a number"),
    Code.LOSS_EXPLODED: N_(
        "the loss exploded to {training} in training and {validation} in validation; guessing would give {guessing}"
    ),
    Code.OUT_OF_MEMORY: N_("out of memory"),
    Code.ERROR: "{kind}: {message}",
    Code.BANDS_OF_FUSED: N_(
        "the bands were measured with the engine fused; keras uses the same order of images in every epoch"
    ),
    Code.NOT_REPEATED: N_(
        "the first epoch was not trained again, because the run's images or its backend are missing here"
    ),
    Code.KILLED: N_("its training was killed; {command} continues it"),
    Code.RECORD_EDITED: N_("run.json was changed after kerasnn wrote it, so do not rely on what it says"),
    Code.MODEL_REPLACED: N_("the model file is not the one that this training saved"),
    Code.TRAINING_DIFFERS: N_(
        "the record says a training loss of {recorded_loss} and an accuracy of {recorded_accuracy}; measured again, "
        "they are {loss} and {accuracy}"
    ),
    Code.VALIDATION_DIFFERS: N_(
        "the record says a validation loss of {recorded_loss} and an accuracy of {recorded_accuracy}; measured again, "
        "they are {loss} and {accuracy}"
    ),
    Code.TEST_DIFFERS: N_(
        "the record says a test loss of {recorded_loss} and an accuracy of {recorded_accuracy}; measured again, they "
        "are {loss} and {accuracy}"
    ),
    Code.DATA_CHANGED: N_(
        "{dataset} no longer holds the images that the model learnt from (sha256 {now}... instead of {before}...)"
    ),
    Code.OTHER_DATA: N_(
        "{dataset} (sha256 {now}...) is not what the model learnt from: that was {learnt_from} (sha256 {before}...)"
    ),
    Code.NOT_MEASURED: N_("the images of this run are not here, so its scores are those of its record, not measured"),
    Code.PACK_CHANGED: N_("changed after kerasnn packed the run, or taken out of the file: {names}"),
    Code.HISTORY_DIFFERS: N_("history.csv is not the history in run.json"),
    Code.STATE_DIFFERS: N_("the state that more epochs would start from has another history than run.json"),
    Code.ASSUMED_CLASSES: N_(
        "nothing beside the model names its classes, so the names are assumed to be those of {dataset}; a file "
        "classes.txt beside it, one name per line, tells them for sure"
    ),
    Code.NUMBERED_CLASSES: N_(
        "nothing beside the model names its classes: add a file classes.txt beside it, one name per line"
    ),
    Code.NEAR_CHANCE: N_(
        "answering without looking would score about as much as this model, {accuracy}: its classes do not seem to be "
        "those of "
        "{dataset}, or it has not learnt them"
    ),
    Code.VALIDATION_SEEN: N_(
        "the validation accuracy is {validation}, and only {test} on the test images: validation images were probably "
        "used in training, or the test images are of another kind"
    ),
    Code.INDEPENDENT_OUTPUTS: N_(
        "the network answers yes or no for each class on its own; its outputs were divided by their sum"
    ),
    Code.ASSUMED_LOGITS: N_(
        "nothing in the file says what the outputs mean; they were treated as logits, so softmax was applied to them"
    ),
    Code.BYTES_BY_MEAN: N_(
        "its layer {name} has the mean and variance of pixels from 0 to 255, so the network was given these, not "
        "divided by 255"
    ),
    Code.BYTES_BY_TYPE: N_("the network takes whole numbers, so it was given pixels from 0 to 255, not divided by 255"),
    Code.OTHER_PIXELS: N_(
        "answering without looking would score about as much as this model, {accuracy}; given pixels from 0 to "
        "{brightest}, it scores {other}, so it probably learnt from those: put keras.layers.Rescaling({scale}) in "
        "front of it, and save it again"
    ),
    Code.OTHER_EPOCHS: N_("The number of epochs does not match the settings: see --epochs and --patience."),
    Code.ONE_NUMBER: N_(
        "One number alone is off: was it edited or copied wrongly? kerasnn evaluate measures it again."
    ),
    Code.NOT_AS_RECORDED: N_(
        "Its first epoch cannot be repeated from its record: it was trained by other code, on other images or labels, "
        "or with other settings or another seed, or the record was edited."
    ),
    Code.PREDICTS_OTHERWISE: N_(
        "It predicts differently than at the end of that epoch: dropout is on when predicting, images are prepared "
        "differently, or the weights are from another epoch."
    ),
    Code.VALIDATION_LEAKED: N_("It is too good on the validation images: did it train on some of them?"),
    Code.TEST_LEAKED: N_("It is too good on the test images: was it measured on images it trained on?"),
    Code.MEASURED_OTHERWISE: N_(
        "It learnt as expected: are validation and test images prepared like the training images, with their labels?"
    ),
    Code.WRONG_LABELS: N_("The training loss stays far above the validation loss: some training labels are wrong."),
    Code.NOT_NORMALISED: N_("The first epoch is far off: are the images divided by 255, and only once?"),
    Code.LEARNS_SLOWER: N_(
        "It learns worse from the first epoch on: a learning rate far too low or too high, larger batches, a weaker "
        "optimizer, fewer units or images, or stronger dropout."
    ),
    Code.LEARNS_FASTER: N_(
        "It learns faster from the first epoch on: a higher learning rate, smaller batches, more units, layers or "
        "images, another optimizer, activation or scaling of the images, or no dropout."
    ),
    Code.OTHER_START: N_("It differs from the first epoch on: settings, images or initial weights."),
    Code.CHANGED_LATER: N_(
        "It starts as expected and departs later: something changes between epochs, such as learning rate or images."
    ),
    Code.OTHER_IMAGES: N_(
        "The images are not divided by 255, labels do not match their images, or the penalty differs."
    ),
    Code.CHANCE: N_("Chance, about one time in a hundred: does another --seed end there too?"),
    Code.UNEXPLAINED: N_("No usual cause agrees with all checks."),
    Code.LABELS_START_LATE: N_("labels start at {lowest} instead of 0, so there is no image of: {classes}"),
    Code.CLASS_WITHOUT_IMAGES: N_("there is no image of: {classes}"),
    Code.CLASS_NOT_TAUGHT: N_(
        "the network cannot learn classes without a training image: {classes}; {count} validation and test images "
        "show them"
    ),
    Code.CLASS_NOT_VALIDATED: N_(
        "validation accuracy says nothing about classes without a validation image: {classes}"
    ),
    Code.CLASS_NOT_TESTED: N_("test accuracy says nothing about classes without a test image: {classes}"),
    Code.CLASSES_ALIKE: N_(
        "names of classes that differ in capitals only: {classes}; if they mean the same class, give it one name"
    ),
    Code.ONE_CLASS: N_("all training images are of '{name}', so the network can only learn to answer that"),
    Code.LARGEST_CLASS: N_(
        "always naming '{name}', the largest class, scores {validation} on the validation images and {test} on the "
        "test images; only an accuracy above that shows that something was learnt"
    ),
    Code.FEW_IMAGES: N_(
        "{validation} validation and {test} test images are few for {classes} classes; "
        "an accuracy may be off by {margin}"
    ),
    Code.DARK_IMAGES: N_(
        "the brightest training pixel is {brightest} of 255, so the network sees nearly black images; if they were "
        "scaled to 0..1 before they became bytes, multiply by 255 first"
    ),
    Code.BLANK_IMAGES: N_("blank images, whose pixels are all equal: {count} of {total}"),
    Code.TEST_IMAGES_LEARNT: N_(
        "test images that are also training or validation images: {count} of {total}, so test accuracy promises "
        "too much"
    ),
    Code.VALIDATION_IMAGES_LEARNT: N_(
        "validation images that are also training images: {count} of {total}, so validation accuracy promises too much"
    ),
    Code.CONTRADICTORY_LABELS: N_(
        "images that occur with different labels: {count} of {total}; no network can be right about all of them"
    ),
    Code.CHANNEL_REMOVED: N_("the axis of the single channel was removed"),
    Code.COLOURS_TO_GREY: N_("colours became grey (ITU-R 601)"),
    Code.ROWS_TO_SQUARES: N_("rows of {pixels} values became square images"),
    Code.PIXELS_AS_BYTES: N_("{dtype} pixels became bytes"),
    Code.PIXELS_SCALED: N_("{dtype} pixels x became bytes: {rule}"),
    Code.PIXELS_ROUNDED: N_("{dtype} pixels x became bytes: {rule}, rounded"),
    Code.IMAGES_TURNED: N_("EMNIST's images, stored by columns, were turned upright"),
    Code.LABEL_COLUMN: N_("the table does not say which column holds the labels: column {column} of {count} was taken"),
    Code.COLUMNS_ORDERED: N_("the pixels' columns were put in the order of the numbers in their names"),
    Code.COLUMNS_LEFT_OUT: N_("columns left out: {names}"),
    Code.DECIMAL_COMMAS: N_("decimal commas were read as points"),
    Code.TABLE_UNLABELLED: N_("{table} has no labels, so it was left out; it is for: kerasnn predict MODEL {table}"),
    Code.TABLES_LEFT_OUT: N_(
        "tables left out because they hold no images, or their names tell no part of the data: {names}"
    ),
    Code.LABELS_FLATTENED: N_("labels of shape {shape} became a plain list"),
    Code.LABELS_WHOLE: N_("{dtype} labels became whole numbers"),
    Code.LABELS_ONE_HOT: N_("one-hot labels became numbers"),
    Code.LABELS_NUMBERED: N_("names as labels were numbered: {classes}"),
    Code.LABELS_FROM_ONE: N_("labels from 1 to {highest} became 0 to {last}"),
    Code.ARRAYS_ASSUMED: N_("{given} were read as {taken}"),
    Code.PARTS_JOINED: N_(
        "{count} validation images were added to the training images, and the lecture's split applied"
    ),
    Code.TEST_HELD_OUT: N_("there was no test part, so one image in five became a test image: {count}"),
    Code.NOT_AS_PUBLISHED: N_("the files were read as {name}, although they are not the published ones"),
    Code.PICTURES_SCALED: N_(
        "{count} of {total} pictures scaled to {rows} x {columns}, with margins as bright as their borders where "
        "their proportions differ"
    ),
    Code.PICTURES_GREY: N_("{count} of {total} pictures turned from colours to grey"),
    Code.PICTURES_DEEP: N_("pixels of more than 8 bits reduced to 8 bits in {count} of {total} pictures"),
    Code.PICTURES_OPAQUE: N_("transparent pixels made black in {count} of {total} pictures"),
    Code.PICTURES_FIRST: N_("only the first picture taken from {count} of {total} files that hold several"),
    Code.PICTURES_TURNED: N_("{count} of {total} pictures turned upright, as their cameras say (EXIF)"),
    Code.FILES_LEFT_OUT: N_("files ignored because they are not pictures of a class: {count}, such as {name}"),
    Code.FOLDERS_EMPTY: N_("folders without pictures taken for no classes: {folders}"),
    Code.FOLDERS_SHARED: N_(
        "pictures taken together from the folders {folders}, which are in every class: if they are the classes, and "
        "the folders around them parts, call those train and test"
    ),
    Code.PARTS_INSIDE: N_("the parts taken from the folders in those of the classes"),
    Code.HIGH_RATE: N_("the learning rate, {rate}, is {times} times the usual {usual} of {optimizer}"),
    Code.LOW_RATE: N_("the learning rate, {rate}, is far below the usual {usual} of {optimizer}"),
    Code.DEAD_UNITS: N_("ReLU units that give 0 for every validation image: {dead} of {units}"),
    Code.SATURATED_UNITS: N_("{share} of the sigmoid outputs are below 0.01 or above 0.99 on the validation images"),
}
