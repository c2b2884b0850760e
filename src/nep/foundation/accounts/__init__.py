"""Who signs in: accounts, log-in, second factor, lock-out, sessions. Knows no agency."""
