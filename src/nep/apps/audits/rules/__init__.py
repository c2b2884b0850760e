"""Rules of internal audits; pure: no Django, no clock, no I/O."""
