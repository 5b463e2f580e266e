"""What Sidelight needs of jira, and nothing else."""
