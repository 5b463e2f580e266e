"""What sources of every kind share: how a value that others wrote is read, strictly."""
