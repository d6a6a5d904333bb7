"""How a script reads each format of data: a module per format, whose `write` writes the code."""
