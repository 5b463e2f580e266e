"""The same entries shared between processes and hosts, on Valkey or Redis."""
