"""A network drawn: as SVG and in the terminal, without Graphviz and without matplotlib."""
