"""What Sidelight needs of posthog, and nothing else."""
