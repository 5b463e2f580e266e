"""What one viewer is shown: views, sections, signals, words."""
