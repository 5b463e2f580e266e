"""The rules that ship, as YAML beside their tests."""
