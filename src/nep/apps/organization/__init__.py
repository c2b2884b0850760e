"""Agencies, units, positions, people, appointments and delegation: who may act, and on what."""
