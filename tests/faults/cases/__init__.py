"""The fault cases, one file per subject."""
