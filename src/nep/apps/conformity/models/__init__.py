"""The tables of conformity."""
