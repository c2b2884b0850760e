"""Competence: needs, yearly plan, sessions with attendance, effectiveness, qualifications."""
