"""What Sidelight needs of reamaze, and nothing else."""
