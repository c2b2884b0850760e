"""Figures of an agency for its leaders, read from cases; officers' sheets and figures entered by hand."""
