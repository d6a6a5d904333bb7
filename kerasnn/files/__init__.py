"""Atomic writes, locks, temporary folders, paths, and untrusted JSON."""
