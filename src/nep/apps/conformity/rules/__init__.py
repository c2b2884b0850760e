"""The rules of conformity, pure: import the part you need."""
