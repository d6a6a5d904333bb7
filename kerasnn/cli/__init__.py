"""The command line: flags in, one call of the library, one thing to look at out."""
