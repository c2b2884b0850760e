"""Reads of records: frozen values."""
