"""What Sidelight needs of intercom, and nothing else."""
