"""The Tasks tab."""
