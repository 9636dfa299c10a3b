"""Classifiers without a language model, one file each."""
