"""Models: their architecture, built in Keras or computed in NumPy, summed up, stored."""
