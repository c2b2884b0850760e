"""Nonconformity and corrective action; what citizens and organisations say; surveys."""
