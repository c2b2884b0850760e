"""External documents: their register, their validity, what cites them, the legal update clock."""
