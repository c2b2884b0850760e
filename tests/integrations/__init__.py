"""What the systems outside send, and how it comes in."""
