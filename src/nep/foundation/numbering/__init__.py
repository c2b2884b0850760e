"""Numbers of books: taken one by one, never twice, never skipped by a rolled-back action."""
