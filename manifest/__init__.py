"""The package an admin installs: built from a few facts, and checked."""
