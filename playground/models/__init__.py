"""Models: found, checked, loaded, and asked alike, whatever their family."""
