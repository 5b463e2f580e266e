"""What Sidelight needs of helpscout, and nothing else."""
