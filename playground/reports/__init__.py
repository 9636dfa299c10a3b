"""What a person takes away of a run: card, script and zips."""
