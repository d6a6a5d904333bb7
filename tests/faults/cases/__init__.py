"""The fault cases, one file a subject."""
