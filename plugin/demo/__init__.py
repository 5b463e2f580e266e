"""The demo workspace: sixty made-up accounts whose dates move with the calendar."""
