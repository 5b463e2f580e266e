"""Where facts come from: one connector a source."""
