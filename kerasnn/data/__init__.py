"""Data: finds, checks, reads and splits images; returns arrays."""
