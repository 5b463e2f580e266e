"""The rules of each kind of package, as its helpdesk applies them."""
