"""What is asked of a model by its name: its metrics, predictions, layers, weights, drawing."""
