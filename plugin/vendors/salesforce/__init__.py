"""What Sidelight needs of salesforce, and nothing else."""
