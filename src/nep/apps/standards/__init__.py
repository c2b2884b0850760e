"""Editions of ISO 9001 as data: clauses, titles, marks, mapping; what each agency goes by."""
