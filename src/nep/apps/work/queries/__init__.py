"""Reads of the worklist."""
