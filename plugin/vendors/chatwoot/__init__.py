"""What Sidelight needs of chatwoot, and nothing else."""
