"""What the CRM connectors share, and how each CRM's own API is asked."""
