"""Tables of facts: a folder of CSV and JSON files, read cell by cell into typed rows."""
