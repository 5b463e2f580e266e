"""What Sidelight needs of mixpanel, and nothing else."""
