"""What Sidelight needs of helpscout_legacy, and nothing else."""
