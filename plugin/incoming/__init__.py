"""What arrives, read strictly once it is proven: bodies, fields, roles, launches."""
