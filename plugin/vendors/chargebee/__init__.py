"""What Sidelight needs of chargebee, and nothing else."""
