"""The published administrative procedures (TTHC): entries, their editions, lists of the portal."""
