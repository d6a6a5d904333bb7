"""Pictures for files, by matplotlib."""
