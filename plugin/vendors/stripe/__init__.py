"""What Sidelight needs of stripe, and nothing else."""
