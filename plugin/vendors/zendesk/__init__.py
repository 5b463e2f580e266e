"""What Sidelight needs of zendesk, and nothing else."""
