"""What the user brings: files of every form as tables, and what is wrong with them."""
