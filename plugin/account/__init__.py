"""The vocabulary of facts: what can be known of an account, and what is known of one."""
