"""What the lecture says, as data: stages, topics, claims, layers, optimizers, settings, published numbers."""
