"""What sources of one kind share: mapping, tables, billing, tickets, CRM, analytics."""
