"""What product analytics knows of an account: its activity, its people, its own properties."""
