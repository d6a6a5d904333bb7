"""What the lecture says, as data: stages, class names, published numbers. Standard library only."""
