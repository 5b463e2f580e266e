"""What Sidelight needs of freescout, and nothing else."""
