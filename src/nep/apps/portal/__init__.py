"""Public pages: where is my case, which procedures are in force. No log-in, no personal data."""
