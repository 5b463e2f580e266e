"""What people do in the widget: pin, say, snooze, search, undo; each once, and audited."""
