"""The record of a run, the process that makes it, the queue, and the places it can run."""
