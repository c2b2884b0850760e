"""Reads of planning: frozen values."""
