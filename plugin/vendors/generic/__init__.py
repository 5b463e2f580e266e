"""What Sidelight needs of generic, and nothing else."""
