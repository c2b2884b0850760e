"""The business parts, from low to high: see docs/design/overview.md."""
