"""A run's folder: written whole or not at all, listed, found again; and the reference models that come along."""
