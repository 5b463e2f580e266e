"""Turn a neutral widget into what one helpdesk displays; knows nothing of accounts or Flask."""
