"""The process that answers for models: its client, its service and the typed protocol between."""
