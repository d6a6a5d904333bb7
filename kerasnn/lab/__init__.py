"""The lab: a web page on this machine, behind which one warm process trains the lecture's networks."""
