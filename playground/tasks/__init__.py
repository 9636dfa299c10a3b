"""What a person wants done with their rows: the task in words, its template, its examples."""
