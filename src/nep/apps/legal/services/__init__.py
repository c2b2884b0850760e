"""Writes of the register of external documents."""

from nep.apps.legal.services._citations import cite, uncite

__all__ = ["cite", "uncite"]
