"""What Sidelight needs of segment, and nothing else."""
