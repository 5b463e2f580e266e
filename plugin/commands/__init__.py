"""The `sidelight` command's parts: one file a command."""
