"""Runs, each one training on disk: execute, resume, find, list and remove them; and the reference models."""
