"""Who did what, when, with what old and new value, and why. Append-only.

Others call `services.record` inside their transaction; the worker links the rows into each
agency's chain, a daily checkpoint can be kept outside the server, `queries.verify` finds every
change, gap and cut tail. The journal holds actor and agency as plain numbers and knows neither.
"""
