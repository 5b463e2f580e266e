"""What Sidelight needs of hubspot, and nothing else."""
