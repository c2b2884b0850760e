"""Imported first by every command that needs the database."""

import django

django.setup()

from nep.config import wiring  # noqa: E402, F401  # ports are tied for the worker as for the web
