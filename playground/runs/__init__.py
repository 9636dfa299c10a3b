"""Runs on disk: record, log, locks and quotas, and groups of runs that belong together."""
