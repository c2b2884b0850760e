"""Stored files: content-addressed bytes, their type judged by content, limits on size."""
