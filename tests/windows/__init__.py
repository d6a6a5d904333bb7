"""What Windows refuses and lacks, for a process on Linux that has this folder on its PYTHONPATH."""
