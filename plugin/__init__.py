"""The service: who asks, which account, what is true of it, what stands out, what to show."""
