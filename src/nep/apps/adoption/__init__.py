"""Model procedures of a province or ministry, and the agencies that follow them."""
