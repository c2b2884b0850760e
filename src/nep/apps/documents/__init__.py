"""Controlled documents: their revisions and the life from draft to retirement."""
