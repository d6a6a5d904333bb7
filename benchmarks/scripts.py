"""The plain Keras scripts that kerasnn is compared with: what a student would write, in one file."""

from kerasnn.lecture.stages import Stage

LOAD = """\
import gzip, numpy as np
from pathlib import Path
from sklearn.model_selection import train_test_split

def idx(name, offset):
    return np.frombuffer(gzip.decompress((Path({folder!r}) / name).read_bytes()), np.uint8, offset=offset)

x = idx("train-images-idx3-ubyte.gz", 16).reshape(-1, 28, 28) / 255.0
y = idx("train-labels-idx1-ubyte.gz", 8)
x_test = idx("t10k-images-idx3-ubyte.gz", 16).reshape(-1, 28, 28) / 255.0
y_test = idx("t10k-labels-idx1-ubyte.gz", 8)
x, x_val, y, y_val = train_test_split(x, y, test_size=0.2, random_state=42)
"""

KERAS = """
import keras
keras.utils.set_random_seed(42)
model = keras.Sequential([keras.Input((28, 28)), keras.layers.Flatten(), {layers}])
model.compile(optimizer={optimizer!r}, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(x, y, epochs={epochs}, validation_data=(x_val, y_val), verbose=0, callbacks=[{callbacks}])
print(model.evaluate(x_val, y_val, verbose=0), model.evaluate(x_test, y_test, verbose=0))
model.save("model.keras")
import matplotlib.pyplot as plt
plt.plot(history.history["loss"])
plt.plot(history.history["val_loss"])
plt.savefig("curves.png")
"""

SCIKIT_LEARN = """
from sklearn.linear_model import SGDClassifier
model = SGDClassifier(loss="log_loss", max_iter=5, random_state=42)
model.fit(x.reshape(-1, 784), y)
print(model.score(x_val.reshape(-1, 784), y_val), model.score(x_test.reshape(-1, 784), y_test))
"""

PREDICT = """\
import keras, numpy as np
from PIL import Image
image = np.asarray(Image.open({image!r}).convert("L").resize((28, 28)))
model = keras.models.load_model({model!r})
print(model.predict(image[None] / 255.0, verbose=0).argmax(axis=-1))
"""


def training_script(stage: Stage, folder: str) -> str:
    """Return a script that trains `stage` on the Fashion-MNIST in `folder`, evaluates and saves it, draws curves."""
    load = LOAD.format(folder=folder)
    if stage.library == "scikit-learn":
        return load + SCIKIT_LEARN
    settings = stage.settings
    layers = []
    for units in settings.hidden:
        layers.append(f"keras.layers.Dense({units}, activation={settings.activation!r})")
        if settings.dropout:
            layers.append(f"keras.layers.Dropout({settings.dropout})")
    layers.append("keras.layers.Dense(10, activation='softmax')")
    patience = settings.patience
    stopping = f"keras.callbacks.EarlyStopping(patience={patience}, restore_best_weights=True)" if patience else ""
    return load + KERAS.format(
        layers=", ".join(layers), optimizer=settings.optimizer, epochs=settings.epochs, callbacks=stopping
    )
