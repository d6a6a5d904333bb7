"""Save models to files, and open other people's model files without trusting them.

`archive` takes a `.keras` file apart, `hdf5` finds the arrays in HDF5 in a separate process, `config` turns Keras'
configuration into the lecture's layers, and `linear` reads scikit-learn's coefficients; `open` combines them.
`trusted` lets Keras open the rest, if the user trusts the file. `save` writes models.
"""
