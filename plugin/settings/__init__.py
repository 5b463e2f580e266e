"""sidelight.toml and the environment, read into frozen records."""
