"""The law of planning; pure: no Django, no clock, no I/O."""
