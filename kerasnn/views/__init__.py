"""A record in, something to look at out: Rich tables, terminal pictures, figures. Nothing here computes a result."""
