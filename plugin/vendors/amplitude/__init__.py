"""What Sidelight needs of amplitude, and nothing else."""
