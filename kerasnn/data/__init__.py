"""Where images come from, checked; arrays out."""
