"""Models: their architecture, how Keras builds and NumPy computes them, their evaluation, and their files."""
