"""What Sidelight needs of front, and nothing else."""
