"""Reads of the register: frozen values."""
