"""Records in a Jupyter or Colab notebook: as HTML below a cell, and the progress of a call while it works."""
