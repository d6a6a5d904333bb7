"""Data: find, check, read and split images, as arrays."""
