"""Runs: one training on disk each, executed, resumed, found and listed; and the reference models."""
