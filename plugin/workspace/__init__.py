"""One workspace at work: which account, what is true, what stands out, what is shown."""
