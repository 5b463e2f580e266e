"""Databases that hold facts: read only, within a time and a number of rows."""
