"""The one outgoing client: where it may go, how long it may take, what an answer may be."""
