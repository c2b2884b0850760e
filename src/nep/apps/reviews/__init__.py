"""Management review: inputs compiled from live data and frozen, minutes, decisions followed."""
