"""The law of improvement; pure: no Django, no clock, no I/O."""
