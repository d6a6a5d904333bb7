"""A training written down as a script of plain Keras, PyTorch or scikit-learn, for reading and for running."""
