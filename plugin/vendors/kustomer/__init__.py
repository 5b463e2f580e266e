"""What Sidelight needs of kustomer, and nothing else."""
