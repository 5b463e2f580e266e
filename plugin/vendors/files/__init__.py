"""What Sidelight needs of files, and nothing else."""
