"""Imported first by every command that needs the database."""

import django

django.setup()
