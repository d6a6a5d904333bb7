"""A stage and data in, a trained model and its history out."""
