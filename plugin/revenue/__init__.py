"""What an account pays: subscriptions → ARR, MRR, renewal, exactly, under a named policy."""
