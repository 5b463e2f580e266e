"""Which of an upstream's own properties fills which fact, as a workspace's settings say."""
