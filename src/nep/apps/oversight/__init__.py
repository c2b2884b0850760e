"""Figures of an agency for its leaders: reads of cases, nothing of its own."""
