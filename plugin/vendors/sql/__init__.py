"""What Sidelight needs of sql, and nothing else."""
