"""Many trainings: models held against each other."""
