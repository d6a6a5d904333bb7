"""Benchmarks of kerasnn against other libraries: `make bench`."""
