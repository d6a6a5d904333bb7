"""A trained network in the forms in which other programs take it: one module each, listed in `forms`."""
