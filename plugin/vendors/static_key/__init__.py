"""What Sidelight needs of static_key, and nothing else."""
