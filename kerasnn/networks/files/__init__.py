"""Models as files: what kerasnn saves, and what others saved, opened without trusting it.

`archive` takes a `.keras` file apart, `hdf5` finds the arrays in HDF5 in a process of its own, `config` turns Keras'
configuration into layers of the lecture, `linear` reads scikit-learn's coefficients; `open` puts them together.
`trusted` has Keras open what these do not, on the user's word. `save` writes.
"""
