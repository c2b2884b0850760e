"""What conformity reads."""
