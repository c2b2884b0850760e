"""Nếp: the quality management system of Vietnamese state agencies, on the network."""

__version__ = "0.1.0"
