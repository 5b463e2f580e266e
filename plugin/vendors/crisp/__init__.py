"""What Sidelight needs of crisp, and nothing else."""
