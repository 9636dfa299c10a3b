"""What the user brings: tables, their diagnosis, the task, the split."""
