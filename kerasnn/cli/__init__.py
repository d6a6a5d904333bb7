"""The command line: flags in, one call of the library, one result shown."""
