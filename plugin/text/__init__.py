"""What the customer's own words say: topics, mentions and sentiment, by local lexicons."""
