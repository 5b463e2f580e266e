"""What tells us of changes: one file for each form of webhook."""
