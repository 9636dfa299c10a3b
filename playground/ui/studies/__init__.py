"""The studies, drawn."""
