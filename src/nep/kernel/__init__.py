"""Words every other part shares: refusals, decisions, periods, Vietnamese text. Pure."""
