"""Cases sent by another system over HTTP."""
