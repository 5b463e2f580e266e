"""Who asks: one adapter a helpdesk."""
