"""Clause by clause what an agency has; the guided year; declaration; the adviser."""
