"""Saved models inspected by name: their metrics, predictions, layers, weights and diagrams."""
