"""What Sidelight needs of pylon, and nothing else."""
