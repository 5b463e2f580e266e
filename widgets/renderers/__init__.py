"""The answer formats: one file each."""
