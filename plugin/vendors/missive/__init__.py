"""What Sidelight needs of missive, and nothing else."""
