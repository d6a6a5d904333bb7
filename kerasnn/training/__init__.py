"""Training: takes a stage and data, returns a trained model and its history."""
