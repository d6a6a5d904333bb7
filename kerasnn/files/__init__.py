"""Files written whole or not at all, locks, temporary folders, paths, and JSON from strangers."""
