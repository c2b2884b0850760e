"""What conformity writes."""
