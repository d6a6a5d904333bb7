"""How fast kerasnn is, beside others: `make bench`."""
