"""Scripts of plain Keras, PyTorch or scikit-learn that repeat a training without kerasnn."""
