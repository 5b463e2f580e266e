"""What is true of an account: resolution, assembly, derived facts, redaction."""
