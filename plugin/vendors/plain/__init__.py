"""What Sidelight needs of plain, and nothing else."""
