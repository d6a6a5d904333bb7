"""Training: from a stage and a data set to a trained model and its history."""
