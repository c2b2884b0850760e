"""The working calendar: official days off with their notices, swapped days, office hours."""
