"""What Sidelight needs of freshdesk, and nothing else."""
