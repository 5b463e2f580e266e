"""What Sidelight needs of gladly, and nothing else."""
