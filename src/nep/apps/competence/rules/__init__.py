"""Rules of competence; pure."""
