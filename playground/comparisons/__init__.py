"""Arms over the same held-out examples: asked for in the background, kept and shown."""
