"""What is true of the account: resolution, lookups, assembly, redaction."""
