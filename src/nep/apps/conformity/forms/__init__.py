"""The forms of conformity."""
