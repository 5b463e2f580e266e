"""What Sidelight needs of http_json, and nothing else."""
