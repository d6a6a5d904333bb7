"""Show records: Rich tables, pictures in the terminal, figures, pages. Nothing here computes a result."""
