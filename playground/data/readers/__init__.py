"""Formats beside CSV and its relatives: one file each, from bytes, text or records to a grid."""
