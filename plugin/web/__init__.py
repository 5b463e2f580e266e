"""The doors: frames, actions, hooks, the API, operations, the playground."""
